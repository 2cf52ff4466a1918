package dev.potluck.directory;

import static dev.potluck.directory.Seat.ANNA;
import static dev.potluck.directory.Seat.BEN;
import static dev.potluck.directory.Seat.CARL;
import static dev.potluck.directory.Seat.digest;
import static dev.potluck.directory.Seat.edited;
import static dev.potluck.directory.Seat.fetched;
import static dev.potluck.directory.Seat.gaveUp;
import static dev.potluck.directory.Seat.holds;
import static dev.potluck.directory.Seat.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TrackerTest {
  private static final Name X = Name.of("x");
  private static final Duration REFRESH = Leases.DEFAULT.refresh();
  private static final Duration LEASE = Leases.DEFAULT.lease();

  private Seat seat = Seat.fresh();

  @Test
  void whoAnnouncedIsFoundWithItsAddressAndLoad() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.tracker.heartbeat(seat.session(ANNA), new Load(2, 1), FactDigest.EMPTY, seat.now);

    Found found = seat.tracker.find(X, seat.now);

    assertThat(found.entry().version()).isEqualTo(version(3, 1));
    assertThat(found.holders())
        .containsExactly(
            new Holder(
                ANNA,
                "anna",
                new Endpoint("10.0.0.1", 7420),
                new Endpoint("10.0.0.1", 7421),
                Reason.KEPT,
                true,
                new Load(2, 1)));
    assertThat(found.learning()).isFalse();
  }

  @Test
  void nobodysLeaseIsOverBecauseTheTrackerStoodStill() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.join(BEN);
    Duration gap = LEASE.multipliedBy(3);

    seat.tracker.stoodStill(gap);

    assertThat(seat.tracker.tick(seat.now.plus(gap)).ended()).isEmpty();
    assertThat(seat.tracker.isHere(ANNA, seat.now.plus(gap).plus(LEASE))).isTrue();
    assertThat(seat.tracker.isHere(ANNA, seat.now.plus(gap).plus(LEASE).plusMillis(1))).isFalse();
  }

  @Test
  void anUnchangedFactIsNoCommand() {
    seat.join(ANNA, holds("x", 3, 1));
    int logged = seat.log.size();

    List<Verdict> verdicts = seat.join(BEN, holds("x", 3, 1));
    seat.announceInFull(ANNA, holds("x", 3, 1));

    assertThat(verdicts).isEmpty();
    assertThat(seat.log.subList(logged, seat.log.size()))
        .containsExactly(new Command.Enlist(BEN, "ben"));
    assertThat(seat.holders("x")).containsExactly("anna", "ben");
  }

  @Test
  void theNewsOfABatchAreOneCommand() {
    seat.join(ANNA, holds("x", 3, 1));

    seat.announce(ANNA, holds("x", 3, 1), holds("y", 1, 2), edited("x", 3, 4));

    assertThat(seat.log.getLast())
        .isEqualTo(new Command.Learn(ANNA, List.of(holds("y", 1, 2), edited("x", 3, 4))));
  }

  @Test
  void onlyHoldersOfTheCurrentVersionAreFound() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.join(BEN, holds("x", 3, 1));

    seat.announce(BEN, edited("x", 3, 2));
    List<Verdict> carls = seat.join(CARL, holds("x", 3, 1));

    assertThat(seat.holders("x")).containsExactly("ben");
    assertThat(carls).containsExactly(new Verdict.Stale(X, seat.entry("x")));
  }

  @Test
  void whoHoldsAnotherContentIsNoHolder() {
    seat.join(ANNA, holds("x", 3, 1));

    List<Verdict> verdicts = seat.join(BEN, holds("x", 3, 2));

    assertThat(verdicts).singleElement().isInstanceOf(Verdict.Conflict.class);
    assertThat(seat.holders("x")).containsExactly("anna");
  }

  @Test
  void factsLiveForALeaseAndNamesForEver() {
    seat.join(ANNA, holds("x", 3, 1));

    seat.now = seat.now.plus(LEASE);
    assertThat(seat.holders("x")).containsExactly("anna");
    seat.now = seat.now.plusMillis(1);

    assertThat(seat.holders("x")).isEmpty();
    assertThat(seat.tick().ended()).containsExactly(seat.session(ANNA));
    assertThat(seat.names()).containsExactly("x");
    assertThat(state(ANNA)).isEqualTo(MemberState.SUSPECT);
  }

  @Test
  void aHeartbeatExtendsTheLease() {
    seat.join(ANNA, holds("x", 3, 1));

    for (int i = 0; i < 10; i++) {
      seat.passes(REFRESH);
      assertThat(seat.heartbeat(ANNA, digest(holds("x", 3, 1)))).isEqualTo(Pulse.FINE);
    }

    assertThat(seat.holders("x")).containsExactly("anna");
    assertThat(state(ANNA)).isEqualTo(MemberState.ALIVE);
  }

  @Test
  void aHeartbeatOfAnEndedSessionIsToldSo() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.passes(LEASE.plusSeconds(1));

    assertThat(seat.heartbeat(ANNA, digest(holds("x", 3, 1)))).isEqualTo(Pulse.ENDED);
  }

  @Test
  void aDigestThatDiffersAsksForTheFullList() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.heartbeat(ANNA, FactDigest.EMPTY);

    assertThat(seat.heartbeat(ANNA, FactDigest.EMPTY)).isEqualTo(Pulse.SEND_ALL);
    seat.announceInFull(ANNA);
    seat.heartbeat(ANNA, FactDigest.EMPTY);

    assertThat(seat.heartbeat(ANNA, FactDigest.EMPTY)).isEqualTo(Pulse.FINE);
    assertThat(seat.holders("x")).isEmpty();
    assertThat(seat.names()).containsExactly("x");
  }

  @Test
  void noDigestIsComparedWhileVerdictsAreOnTheirWay() {
    seat.join(ANNA);
    seat.heartbeat(ANNA, FactDigest.EMPTY);

    seat.announce(ANNA, holds("x", 3, 1));

    assertThat(seat.heartbeat(ANNA, FactDigest.EMPTY)).isEqualTo(Pulse.FINE);
    assertThat(seat.heartbeat(ANNA, digest(holds("x", 3, 1)))).isEqualTo(Pulse.FINE);
  }

  @Test
  void digestsAgreeOnFactsThatAreStaleRepeatedReplacedGivenUpOrInConflict() {
    seat.join(BEN, holds("stale", 5, 1), holds("contested", 1, 1), holds("folder/x", 1, 1));
    seat.join(
        ANNA,
        holds("stale", 3, 1),
        holds("contested", 1, 2),
        holds("folder", 1, 2),
        holds("again", 1, 1),
        holds("replaced", 1, 1),
        holds("gone", 1, 1));
    seat.announce(ANNA, holds("again", 1, 1), edited("mine", 0, 1), edited("replaced", 1, 2));
    seat.announce(ANNA, gaveUp("gone", 1), fetched("stale", 4, 9));
    FactDigest expected =
        digest(
            fetched("stale", 4, 9),
            holds("contested", 1, 2),
            holds("folder", 1, 2),
            holds("again", 1, 1),
            holds("replaced", 2, 2),
            holds("mine", 1, 1));

    seat.heartbeat(ANNA, FactDigest.EMPTY);

    assertThat(seat.heartbeat(ANNA, expected)).isEqualTo(Pulse.FINE);
    assertThat(member(ANNA).files()).isEqualTo(6);
  }

  @Test
  void whatIsNotInTheNextFullListIsNoLongerHeld() {
    seat.join(ANNA, holds("x", 3, 1), holds("y", 1, 2));

    seat.announceInFull(ANNA, holds("y", 1, 2));

    assertThat(seat.holders("x")).isEmpty();
    assertThat(seat.holders("y")).containsExactly("anna");
    assertThat(member(ANNA).files()).isEqualTo(1);
    assertThat(member(ANNA).bytes()).isEqualTo(version(1, 2).content().size());
  }

  @Test
  void whileAFullListArrivesTheFormerStillCounts() {
    seat.join(ANNA, holds("x", 3, 1), holds("y", 1, 2));

    seat.announce(ANNA, new Announcement(7, true, false, List.of(holds("y", 1, 2))));
    assertThat(seat.holders("x")).containsExactly("anna");
    seat.announce(ANNA, new Announcement(8, false, true, List.of()));

    assertThat(seat.holders("x")).isEmpty();
  }

  @Test
  void whoReturnsWithTheSameFactsNeedNotSendThem() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.passes(LEASE.plusSeconds(1));

    Started again = seat.hello(ANNA);

    assertThat(again.welcome().held()).isEqualTo(digest(holds("x", 3, 1)));
    assertThat(seat.holders("x")).containsExactly("anna");
  }

  @Test
  void whoReturnsAfterAnUnresolvedConflictAnnouncesAnew() {
    seat.join(BEN, holds("x", 3, 1));
    seat.join(ANNA, holds("x", 3, 2));

    assertThat(seat.hello(ANNA).welcome().held()).isEqualTo(FactDigest.EMPTY);
  }

  @Test
  void theSecondSessionOfAPeerEndsTheFirst() {
    int first = seat.hello(ANNA).session();

    seat.hello(ANNA);

    assertThat(seat.tick().ended()).containsExactly(first);
    assertThat(seat.tracker.heartbeat(first, Load.NONE, FactDigest.EMPTY, seat.now))
        .isEqualTo(Pulse.ENDED);
  }

  @Test
  void aSessionsEndNeverDeletesAName() {
    seat.join(ANNA, holds("x", 3, 1));

    seat.tracker.end(seat.session(ANNA));
    seat.passes(LEASE.multipliedBy(10));

    assertThat(seat.names()).containsExactly("x");
    assertThat(seat.holders("x")).isEmpty();
  }

  @Test
  void theNameGoesWithTheLastCopyThatItsUserDeletes() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.join(BEN, fetched("x", 3, 1));

    seat.announce(ANNA, Seat.deletedByUser("x", 3));

    assertThat(seat.entry("x").deleted()).isTrue();
  }

  @Test
  void theNameStaysWhenAnotherKeepsItOrItWasMerelyFetchedOrMovedByUs() {
    seat.join(ANNA, holds("x", 3, 1), fetched("y", 1, 1), holds("z", 1, 1));
    seat.join(BEN, holds("x", 3, 1));

    seat.announce(ANNA, Seat.deletedByUser("x", 3), Seat.deletedByUser("y", 1), gaveUp("z", 1));

    assertThat(seat.names()).containsExactly("x", "y", "z");
    assertThat(seat.holders("x")).containsExactly("ben");
  }

  @Test
  void theNameStaysForWhoKeepsItAndIsAway() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.join(BEN, holds("x", 3, 1));
    seat.tracker.end(seat.session(BEN));

    seat.announce(ANNA, Seat.deletedByUser("x", 3));
    seat.tick();
    assertThat(seat.names()).containsExactly("x");
    seat.hello(BEN);

    assertThat(seat.holders("x")).containsExactly("ben");
  }

  @Test
  void theNameGoesOnceItIsSureThatNobodyElseKeepsIt() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.join(BEN);
    seat = seat.restarted();
    seat.join(ANNA, holds("x", 3, 1), Seat.deletedByUser("x", 3));
    seat.tick();
    assertThat(seat.names()).containsExactly("x");

    seat.join(BEN);
    seat.tick();

    assertThat(seat.entry("x").deleted()).isTrue();
  }

  @Test
  void whatWasDeletedWhileItsPeerWasDownIsGivenUpOnReturn() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.tracker.end(seat.session(ANNA));

    seat.join(ANNA, Seat.deletedByUser("x", 3));
    seat.tick();

    assertThat(seat.entry("x").deleted()).isTrue();
  }

  @Test
  void factsOnOneNameKeepTheirOrderWhileACommandIsOnItsWay() {
    seat.join(ANNA, holds("x", 3, 1));
    int session = seat.session(ANNA);
    Proposal edit =
        seat.tracker
            .announce(session, Announcement.delta(50, List.of(edited("x", 3, 2))), seat.now)
            .proposal()
            .orElseThrow();

    Announced meanwhile =
        seat.tracker.announce(
            session, Announcement.delta(51, List.of(gaveUp("x", 4), holds("y", 1, 1))), seat.now);
    seat.committed(edit);
    assertThat(seat.holders("x")).containsExactly("anna");
    seat.committed(meanwhile.proposal().orElseThrow());

    assertThat(seat.holders("x")).isEmpty();
    assertThat(seat.holders("y")).containsExactly("anna");
  }

  @Test
  void anAbandonedProposalEndsTheSession() {
    seat.join(ANNA);
    Announced announced =
        seat.tracker.announce(
            seat.session(ANNA), Announcement.delta(50, List.of(holds("x", 3, 1))), seat.now);

    seat.tracker.abandoned(announced.proposal().orElseThrow());

    assertThat(seat.tick().ended()).containsExactly(seat.session(ANNA));
    assertThat(seat.hello(ANNA).welcome().held()).isEqualTo(FactDigest.EMPTY);
  }

  @Test
  void aCommitMakesThePeerAHolder() {
    seat.join(ANNA);

    seat.commit(new Command.Commit(ANNA, List.of(edited("x", 0, 1), edited("y", 0, 2))));
    seat.heartbeat(ANNA, FactDigest.EMPTY);

    assertThat(seat.holders("x")).containsExactly("anna");
    assertThat(seat.heartbeat(ANNA, digest(holds("x", 1, 1), holds("y", 1, 2))))
        .isEqualTo(Pulse.FINE);
  }

  @Test
  void anUnknownNameIsNoSuchName() {
    assertThatThrownBy(() -> seat.tracker.find(X, seat.now))
        .isInstanceOf(NoSuchNameException.class)
        .hasMessage("no such name: x");
  }

  @Test
  void aDeletedNameIsNoSuchName() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.commit(new Command.Delete(ANNA, List.of(X)));

    assertThatThrownBy(() -> seat.tracker.find(X, seat.now))
        .isInstanceOf(NoSuchNameException.class);
  }

  @Test
  void aReturningDirectoryIsLearningForALease() {
    seat = Seat.amnesiac();
    assertThatThrownBy(() -> seat.tracker.find(X, seat.now))
        .isInstanceOf(UnavailableException.class);

    seat.now = seat.now.plus(LEASE);

    assertThatThrownBy(() -> seat.tracker.find(X, seat.now))
        .isInstanceOf(NoSuchNameException.class);
  }

  @Test
  void learningEndsWhenAllMembersHaveAnnounced() {
    seat.join(ANNA, holds("x", 3, 1));
    seat.join(BEN);
    seat = seat.restarted();

    seat.join(ANNA, holds("x", 3, 1));
    assertThat(seat.tracker.find(X, seat.now).learning()).isTrue();
    seat.join(BEN);

    assertThat(seat.tracker.find(X, seat.now).learning()).isFalse();
  }

  @Test
  void whoIsExpelledIsGoneWithItsFacts() {
    seat.join(ANNA, holds("x", 3, 1));

    seat.commit(new Command.Expel(ANNA));

    assertThat(seat.tick().ended()).containsExactly(seat.session(ANNA));
    assertThat(seat.holders("x")).isEmpty();
    assertThat(state(ANNA)).isEqualTo(MemberState.LEFT);
    assertThatThrownBy(() -> seat.hello(ANNA)).isInstanceOf(DeniedException.class);
  }

  @Test
  void aListIsPagedByName() {
    seat.join(ANNA, holds("a", 1, 1), holds("d/x", 1, 1), holds("d/y/z", 1, 1), holds("d-", 1, 1));
    seat.announce(ANNA, new Fact.Holds(Name.of("d"), Seat.folder(), Reason.KEPT, true));

    assertThat(seat.names()).containsExactly("a", "d", "d-", "d/x", "d/y/z");
    assertThat(listed("d", null, null, 9)).containsExactly("d", "d/x", "d/y/z");
    assertThat(listed("d", null, null, 2)).containsExactly("d", "d/x");
    assertThat(listed("d", "d/x", null, 2)).containsExactly("d/y/z");
    assertThat(listed(null, "d", null, 2)).containsExactly("d-", "d/x");
    assertThat(listed("d/x", null, null, 9)).containsExactly("d/x");
    assertThat(listed("nothing", null, null, 9)).isEmpty();
  }

  @Test
  void aListSaysWhoHasWhatAndCanBeOfOnePeer() {
    seat.join(ANNA, holds("x", 1, 1), holds("y", 1, 1));
    seat.join(BEN, holds("y", 1, 1));

    assertThat(seat.tracker.list(null, null, null, 9, seat.now).getLast())
        .isEqualTo(new Listed(seat.entry("y"), List.of("anna", "ben")));
    assertThat(listed(null, null, BEN, 9)).containsExactly("y");
  }

  @Test
  void whatWasHeldBeforeItsNameWasKnownCountsOnceItIs() {
    seat.join(ANNA, holds("x", 1, 1));
    seat.join(BEN, holds("x/y", 1, 2));
    seat.commit(new Command.Delete(ANNA, List.of(X)));

    seat.join(CARL, holds("x/y", 1, 2));
    seat.announceInFull(BEN, holds("x/y", 1, 2));

    assertThat(seat.holders("x/y")).containsExactlyInAnyOrder("ben", "carl");
  }

  private Member member(PeerId peer) {
    return seat.tracker.members(seat.now).stream()
        .filter(member -> member.id().equals(peer))
        .findFirst()
        .orElseThrow();
  }

  private MemberState state(PeerId peer) {
    return member(peer).state();
  }

  private List<String> listed(
      @Nullable String under, @Nullable String after, @Nullable PeerId holder, int limit) {
    return seat
        .tracker
        .list(
            under == null ? null : Name.of(under),
            after == null ? null : Name.of(after),
            holder,
            limit,
            seat.now)
        .stream()
        .map(listed -> listed.entry().name().value())
        .toList();
  }
}
