package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Found;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Listed;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The caller's side of the directory. Knocks at the addresses it knows, follows whoever says where
/// the directory is, and stays there until that fails. Any thread; calls block, with a deadline.
///
/// Calls throw a {@link dev.potluck.content.PotluckException}: `UnavailableException` if no
/// directory answers in time, else what the directory threw.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class DirectoryClient implements AutoCloseable {
  /// @param addresses control addresses of members, the best first
  public DirectoryClient(WireThreads threads, PartyTls tls, List<Endpoint> addresses) {
    throw new UnsupportedOperationException();
  }

  /// Asks to be let in, with a ticket: pinned to the ticket's authority.
  ///
  /// @throws dev.potluck.content.DeniedException if the ticket is refused, or who answers is not of
  ///   that party
  public static Credential enrol(
      WireThreads threads, Identity identity, Ticket ticket, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /// Replaces the addresses to try.
  public void addresses(List<Endpoint> addresses) {
    throw new UnsupportedOperationException();
  }

  /// Where the directory answered last.
  public Optional<Endpoint> current() {
    throw new UnsupportedOperationException();
  }

  /// Opens this peer's session; returns when the directory has welcomed it.
  public Session session(Hello hello, SessionEvents events, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /// Watches the namespace from a revision on.
  public Watch watch(long incarnation, long fromRevision, WatchEvents events) {
    throw new UnsupportedOperationException();
  }

  public Found find(Name name, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public List<Listed> list(
      Optional<Name> prefix, Optional<Name> after, int limit, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public List<Member> members(Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public CommitOutcome commit(List<Fact.Edited> edits, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public Deleted delete(List<Name> names, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public Moved move(Name from, Name to, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public Ticket invite(Duration validity, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public void expel(PeerId member, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public void leave(Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public Credential renew(CertificateRequest request, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
