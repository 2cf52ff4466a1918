package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Found;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Listed;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.CertificateRequest;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.Credential;
import dev.potluck.wire.Deleted;
import dev.potluck.wire.DirectoryService;
import dev.potluck.wire.Enrolment;
import dev.potluck.wire.Moved;
import dev.potluck.wire.NotTheDirectory;
import dev.potluck.wire.SessionHandler;
import dev.potluck.wire.SessionSink;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WatchSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The directory service of a peer that does not host it: says where it is, so that any member is a
/// way in.
final class DirectoryElsewhere implements DirectoryService {
  private final Supplier<List<Endpoint>> addresses;

  DirectoryElsewhere(Supplier<List<Endpoint>> addresses) {
    this.addresses = addresses;
  }

  private NotTheDirectory there() {
    return new NotTheDirectory(addresses.get());
  }

  @Override
  public SessionHandler session(PeerId caller, Hello hello, SessionSink sink) {
    throw there();
  }

  @Override
  public void watch(PeerId caller, long incarnation, long fromRevision, WatchSink sink) {
    throw there();
  }

  @Override
  public Found find(PeerId caller, Name name) {
    throw there();
  }

  @Override
  public List<Listed> list(PeerId caller, Optional<Name> prefix, Optional<Name> after, int limit) {
    throw there();
  }

  @Override
  public List<Member> members(PeerId caller) {
    throw there();
  }

  @Override
  public CommitOutcome commit(PeerId caller, List<Fact.Edited> edits) {
    throw there();
  }

  @Override
  public Deleted delete(PeerId caller, List<Name> names) {
    throw there();
  }

  @Override
  public Moved move(PeerId caller, Name from, Name to) {
    throw there();
  }

  @Override
  public HeldLock lock(PeerId caller, Name name, Duration wait) {
    throw there();
  }

  @Override
  public void unlock(PeerId caller, Name name, long token) {
    throw there();
  }

  @Override
  public List<HeldLock> locks(PeerId caller, List<Name> names) {
    throw there();
  }

  @Override
  public List<Entry> history(PeerId caller, Name name) {
    throw there();
  }

  @Override
  public Ticket invite(PeerId caller, Duration validity) {
    throw there();
  }

  @Override
  public void expel(PeerId caller, PeerId member) {
    throw there();
  }

  @Override
  public void leave(PeerId caller) {
    throw there();
  }

  @Override
  public Credential renew(PeerId caller, CertificateRequest request) {
    throw there();
  }

  @Override
  public Credential enrol(Enrolment enrolment) {
    throw there();
  }
}
