package dev.potluck.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Who may not connect to this machine any more: asked at every handshake. Kept in a file, one id a
/// line, so that it holds from the first moment after a restart, whoever keeps the directory then.
/// Thread-safe.
final class DenyList implements Predicate<PeerId> {
  private static final Logger LOG = System.getLogger(DenyList.class.getName());

  private final Set<PeerId> denied = ConcurrentHashMap.newKeySet();
  private final Optional<Path> file;

  private DenyList(Optional<Path> file) {
    this.file = file;
  }

  /// One that is forgotten with this object.
  static DenyList inMemory() {
    return new DenyList(Optional.empty());
  }

  static DenyList open(Path file) throws IOException {
    DenyList list = new DenyList(Optional.of(file));
    if (Files.exists(file)) {
      // A line that was cut off by a crash is added again when the directory says so.
      Files.readAllLines(file, US_ASCII).stream()
          .filter(PeerId::isValid)
          .map(PeerId::of)
          .forEach(list.denied::add);
    }
    return list;
  }

  @Override
  public boolean test(PeerId peer) {
    return denied.contains(peer);
  }

  /// Durable on return, unless the log says that it can't be.
  ///
  /// @return whether it is new on the list
  boolean add(PeerId peer) {
    boolean added = denied.add(peer);
    if (added && file.isPresent()) {
      try (FileChannel channel =
          FileChannel.open(file.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        ByteBuffer line = US_ASCII.encode(peer.text() + "\n");
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(true);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "cannot note that {0} was expelled: {1}", peer, e.getMessage());
      }
    }
    return added;
  }

  Set<PeerId> all() {
    return Set.copyOf(denied);
  }

  /// Takes over what the directory says of the members.
  ///
  /// @return who is new on the list
  List<PeerId> learn(Collection<Member> members) {
    return members.stream()
        .filter(member -> member.state() == MemberState.LEFT)
        .map(Member::id)
        .filter(this::add)
        .toList();
  }
}
