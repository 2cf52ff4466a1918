package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Load;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Who is declared dead, and who is not.
class InquestTest {
  private static final PeerId SELF = peer('a');
  private static final PeerId SILENT = peer('z');
  private static final Endpoint AT = new Endpoint("10.0.0.9", 7420);

  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final Set<PeerId> reachedFrom = ConcurrentHashMap.newKeySet();
  private final Set<PeerId> mute = ConcurrentHashMap.newKeySet();
  private final List<PeerId> dead = new CopyOnWriteArrayList<>();
  private final AtomicInteger inquests = new AtomicInteger();

  private static PeerId peer(char last) {
    return PeerId.of("b".repeat(31) + last);
  }

  private static Member member(PeerId id, MemberState state) {
    return new Member(id, id.text(), state, Optional.of(AT), Optional.of(AT), 0, 0, Load.NONE);
  }

  private final class Network implements Inquest.Reach {
    @Override
    public boolean answers(PeerId silent, Endpoint at) {
      inquests.incrementAndGet();
      return reachedFrom.contains(SELF);
    }

    @Override
    public boolean answersTo(Member asked, PeerId silent) {
      if (mute.contains(asked.id())) {
        throw new UnavailableException("cannot be asked");
      }
      return reachedFrom.contains(asked.id());
    }
  }

  private Inquest start() {
    return new Inquest(
        SELF,
        new Network(),
        _ -> Optional.of(AT),
        Duration.ofMillis(1),
        () -> true,
        () -> new ArrayList<>(members),
        dead::add);
  }

  private void party(int others) {
    members.add(member(SELF, MemberState.ALIVE));
    for (int i = 0; i < others; i++) {
      members.add(member(peer((char) ('c' + i)), MemberState.ALIVE));
    }
    members.add(member(SILENT, MemberState.SUSPECT));
  }

  /// Until it was looked at twice, so that what the first came to is known.
  private void awaitInquests() {
    await().atMost(Duration.ofMinutes(1)).until(() -> inquests.get() >= 2);
  }

  @Test
  void whomNobodyReachesIsDead() {
    party(2);
    try (Inquest _ = start()) {
      await().until(() -> dead.contains(SILENT));
    }
    assertThat(dead).containsOnly(SILENT);
  }

  @Test
  void oneBrokenLinkExpelsNobody() {
    party(3);
    members.stream()
        .filter(member -> !member.id().equals(SELF))
        .forEach(member -> reachedFrom.add(member.id()));
    try (Inquest _ = start()) {
      awaitInquests();
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void whoIsReachedByHalfIsNotDead() {
    party(3);
    reachedFrom.add(peer('c'));
    reachedFrom.add(peer('d'));
    try (Inquest _ = start()) {
      awaitInquests();
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void oneVoiceAloneDeclaresNobodyDead() {
    party(0);
    try (Inquest _ = start()) {
      awaitInquests();
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void whoCannotBeAskedHasNoVoice() {
    party(3);
    mute.add(peer('c'));
    mute.add(peer('d'));
    mute.add(peer('e'));
    try (Inquest _ = start()) {
      awaitInquests();
    }
    assertThat(dead).isEmpty();
  }
}
