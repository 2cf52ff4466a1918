package dev.potluck.directory;

import dev.potluck.content.Name;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Who has to know where a file is: follows from its name and the list of members, so that every
/// member can work it out (rendezvous hashing: Thaler and Ravishankar, 1998). When a member goes,
/// only its own names pass to others.
public final class Responsible {
  private record Ranked(PeerId peer, long weight) {}

  private Responsible() {}

  /// The members in the order in which they are responsible for a name, at most so many.
  public static List<PeerId> forName(Name name, Collection<PeerId> members, int count) {
    return members.stream()
        .distinct()
        .map(peer -> new Ranked(peer, weight(name, peer)))
        .sorted(
            Comparator.comparing(Ranked::weight, Long::compareUnsigned)
                .reversed()
                .thenComparing(Ranked::peer))
        .limit(count)
        .map(Ranked::peer)
        .toList();
  }

  private static long weight(Name name, PeerId peer) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      hash.update(peer.text().getBytes(StandardCharsets.US_ASCII));
      byte[] digest = hash.digest(name.value().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
