package dev.potluck.directory;

import static dev.potluck.directory.Seat.ANNA;
import static dev.potluck.directory.Seat.BEN;
import static dev.potluck.directory.Seat.CARL;
import static dev.potluck.directory.Seat.edited;
import static dev.potluck.directory.Seat.holds;
import static dev.potluck.directory.Seat.known;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Deletions are forgotten after a while, and nobody who was away for longer brings back what was
/// deleted.
final class ForgettingTest {
  private static final Name X = Name.of("x");
  private static final Duration MEMORY = Leases.DEFAULT.memory();

  private final Seat seat = Seat.fresh();

  @Test
  void aDeletionIsForgottenWhenItIsOldEnough() {
    seat.join(ANNA, holds("x", 3, 1), holds("y", 1, 2));
    delete("x");

    seat.passes(MEMORY.minusHours(1));
    assertThat(seat.tracker.directory().entry(X)).isPresent();

    seat.passes(Duration.ofHours(2));
    assertThat(seat.tracker.directory().entry(X)).isEmpty();
    assertThat(seat.tracker.directory().history(X)).isEmpty();
    assertThat(seat.names()).containsExactly("y");
  }

  @Test
  void nothingIsProposedWhileThereIsNothingToForget() {
    seat.join(ANNA, holds("x", 3, 1));

    assertThat(seat.passes(MEMORY.multipliedBy(2)).proposal()).isEmpty();
  }

  @Test
  void whoMissedTheDeletionIsToldToSetItsCopyAside() {
    Contact before = shared();
    forgottenDeletion("x");

    assertThat(seat.rejoin(BEN, before, holds("x", 3, 1), holds("y", 1, 2)))
        .containsExactly(new Verdict.Forgotten(X));
    assertThat(seat.names()).containsExactly("y");
    assertThat(seat.holders("y")).contains("ben");
    FactDigest left = Seat.digest(holds("y", 1, 2));
    assertThat(seat.heartbeat(BEN, left)).isEqualTo(Pulse.FINE);
    assertThat(seat.heartbeat(BEN, left)).isEqualTo(Pulse.FINE);
  }

  @Test
  void whoHeardOfItWhileItWasRememberedBringsWhatItHas() {
    shared();
    delete("x");
    Contact after = seat.contact();
    seat.passes(MEMORY.plusHours(1));

    assertThat(seat.rejoin(BEN, after, holds("z", 1, 5))).isEmpty();
    assertThat(seat.names()).containsExactly("y", "z");
  }

  @Test
  void whatItKnewOfTheNameTeachesNothing() {
    Contact before = shared();
    forgottenDeletion("x");

    seat.rejoin(BEN, before, known("x", 7, 9));

    assertThat(seat.tracker.directory().entry(X)).isEmpty();
  }

  @Test
  void whatItsUserMadeOrChangedMeanwhileIsNew() {
    Contact before = shared();
    forgottenDeletion("x");

    List<Verdict> verdicts = seat.rejoin(BEN, before, edited("x", 3, 7), edited("new", 0, 8));

    assertThat(verdicts)
        .allSatisfy(verdict -> assertThat(verdict).isInstanceOf(Verdict.Current.class));
    assertThat(seat.names()).containsExactly("new", "x", "y");
  }

  @Test
  void aNewcomerIsNotAffected() {
    shared();
    forgottenDeletion("x");

    seat.join(CARL, holds("x", 3, 1));

    assertThat(seat.names()).containsExactly("x", "y");
  }

  @Test
  void whoComesFromADirectoryThatIsNotKnownHereIsNotAffected() {
    shared();
    forgottenDeletion("x");

    seat.rejoin(BEN, new Contact(77, 1), holds("x", 3, 1));

    assertThat(seat.names()).containsExactly("x", "y");
  }

  @Test
  void aDirectoryThatHasForgottenAllLearnsFromWhoWasAwayForLong() {
    Contact before = shared();
    Seat amnesiac = Seat.amnesiac(2);

    amnesiac.passes(MEMORY.multipliedBy(2));
    amnesiac.rejoin(BEN, before, holds("x", 3, 1));

    assertThat(amnesiac.names()).containsExactly("x");
  }

  @Test
  void oldDeletionsAreNotTaughtAgain() {
    shared();
    delete("x");
    Entry tombstone = seat.entry("x");
    seat.passes(MEMORY.plusHours(1));

    seat.rejoin(BEN, seat.contact(), new Fact.Known(tombstone));

    assertThat(seat.tracker.directory().entry(X)).isEmpty();
  }

  @Test
  void aNameThatBeginsAnewGoesOnAboveItsForgottenVersions() {
    Contact before = shared();
    forgottenDeletion("x");

    seat.announce(ANNA, edited("x", 0, 6));

    assertThat(seat.entry("x").version().number()).isEqualTo(5);
    assertThat(seat.rejoin(BEN, before, holds("x", 3, 1)))
        .containsExactly(new Verdict.Stale(X, seat.entry("x")));
  }

  @Test
  void whoSaidEverythingBeforeSaysItAgainIfItMissedADeletion() {
    Contact before = shared();
    seat.tracker.end(seat.session(BEN));
    forgottenDeletion("x");

    Started again = seat.hello(BEN, "ben", before);

    assertThat(again.welcome().held()).isEqualTo(FactDigest.EMPTY);
  }

  @Test
  void whatIsForgottenOutlivesASnapshot() {
    Contact before = shared();
    forgottenDeletion("x");
    Seat restarted = seat.restarted();

    assertThat(restarted.rejoin(BEN, before, holds("x", 3, 1)))
        .containsExactly(new Verdict.Forgotten(X));
    restarted.announce(BEN, edited("x", 0, 6));
    assertThat(restarted.entry("x").version().number()).isEqualTo(5);
  }

  @Test
  void theSuccessorOfADirectoryKnowsItsContacts() {
    Contact before = shared();
    forgottenDeletion("x");
    List<Saved> state = new ArrayList<>();
    state.add(new Saved.Party(9, seat.tracker.directory().revision()));
    state.add(new Saved.Ancestor(1, seat.tracker.directory().revision()));
    seat.tracker.directory().saved().forEachRemaining(state::add);
    state.removeIf(item -> item instanceof Saved.Party(long of, _) && of == 1);
    Directory successor = Directory.restored(state.iterator());

    assertThat(learn(successor, before, holds("x", 3, 1)))
        .containsExactly(new Verdict.Forgotten(X));
    Contact ahead = new Contact(1, Long.MAX_VALUE);
    assertThat(learn(successor, ahead, holds("lost", 1, 1)))
        .containsExactly(new Verdict.Current(Name.of("lost"), Seat.version(1, 1)));
  }

  @Test
  void aWatcherThatMissedADeletionGetsAllNamesInstead() {
    shared();
    long followed = seat.tracker.directory().revision();
    forgottenDeletion("x");
    Directory restarted = seat.restarted().tracker.directory();

    Changes changes = restarted.watch(1, followed).next(100).orElseThrow();

    assertThat(changes.snapshot()).isTrue();
    assertThat(changes.entries()).containsExactly(seat.entry("y"));
    assertThat(restarted.watch(1, changes.revision()).next(100)).isEmpty();
  }

  @Test
  void theTableStaysWholeWhenManyNamesAreForgotten() {
    Directory directory = new Directory(1);
    Random random = new Random(1);
    TreeSet<String> left = new TreeSet<>();
    List<Name> gone = new ArrayList<>();
    for (String name : IntStream.range(0, 3_000).mapToObj(i -> "n" + i * 7919 % 3_000).toList()) {
      directory.apply(new Command.Learn(ANNA, List.of(edited(name, 0, 1))), Seat.START);
      if (random.nextInt(5) < 4) {
        gone.add(Name.of(name));
      } else {
        left.add(name);
      }
    }
    directory.apply(new Command.Delete(ANNA, gone), Seat.START);
    directory.apply(new Command.Forget(MEMORY), Seat.START.plus(MEMORY));
    for (Name name : gone.subList(0, 500)) {
      directory.apply(new Command.Learn(ANNA, List.of(edited(name.value(), 0, 1))), Seat.START);
      left.add(name.value());
    }

    assertThat(directory.size()).isEqualTo(left.size());
    assertThat(directory.watch(0, 0).next(10_000).orElseThrow().entries())
        .extracting(entry -> entry.name().value())
        .containsExactlyElementsOf(left);
    assertThat(left).allMatch(name -> directory.entry(Name.of(name)).isPresent());
  }

  /// Anna and ben have x and y; then ben goes.
  private Contact shared() {
    seat.join(ANNA, holds("x", 3, 1), holds("y", 1, 2));
    seat.join(BEN, holds("x", 3, 1), holds("y", 1, 2));
    return seat.contact();
  }

  private void delete(String name) {
    seat.commit(new Command.Delete(ANNA, List.of(Name.of(name))));
  }

  private void forgottenDeletion(String name) {
    delete(name);
    seat.announce(ANNA, Seat.gaveUp(name, 3));
    seat.passes(MEMORY.plusHours(1));
    seat.hello(ANNA);
  }

  private static List<Verdict> learn(Directory directory, Contact contact, Fact fact) {
    Result result = directory.apply(new Command.Learn(BEN, List.of(fact), contact), Seat.START);
    return result instanceof Result.Learned(var verdicts, _) ? verdicts : List.of();
  }
}
