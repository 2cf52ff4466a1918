package dev.potluck.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.directory.Command;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Saved;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What the checks are worth: a directory that is broken on purpose is found out.
class PlantedBugsTest {
  private static final long SEED = Long.getLong("potluck.seed", 1);

  @Test
  void aCommitWhoseTokenNobodyChecksIsCaughtAtOnce() {
    Alteration unchecked = new Alteration(PlantedBugsTest::withoutTokens, _ -> true);

    caught("a commit without token check", unchecked, new Linearizability(), 5);
  }

  @Test
  void aCommitUnderATokenThatIsOverIsCaughtByItself() {
    Alteration unchecked = new Alteration(PlantedBugsTest::withoutTokens, _ -> true);

    caught("a commit without token check", unchecked, new TokensGrow(), 60);
  }

  @Test
  void seatsThatForgetTombstonesInSnapshotsDisagree() {
    caught("forgotten tombstones", forgetful(), new Agreement(), 5);
  }

  @Test
  void forgottenTombstonesBringBackWhatWasDeleted() {
    caught("forgotten tombstones", forgetful(), new NothingResurrected(), 1_000);
  }

  @Test
  void returnsThatNobodyLooksAtBringBackWhatWasDeleted() {
    Alteration unseen =
        new Alteration(UnaryOperator.identity(), _ -> true, hello -> hello.after(Contact.NONE));

    caught(
        "a long absence that is not noticed",
        unseen,
        new NothingResurrected(),
        200,
        seed -> PartyScenario.of(seed).forgetting(PartySimulationTest.SOON));
  }

  private static Alteration forgetful() {
    return new Alteration(UnaryOperator.identity(), item -> !isOfTheDeleted(item));
  }

  private static boolean isOfTheDeleted(Saved item) {
    return item instanceof Saved.Past
        || (item instanceof Saved.Named(var entry, _) && entry.deleted());
  }

  private static Command withoutTokens(Command command) {
    return command instanceof Command.Commit(var by, var edits)
        ? new Command.Commit(by, edits.stream().map(PlantedBugsTest::withoutToken).toList())
        : command;
  }

  private static Fact.Edited withoutToken(Fact.Edited edit) {
    return new Fact.Edited(edit.name(), edit.base(), edit.version(), edit.reason());
  }

  /// Simulates party after party until the check finds something.
  private static void caught(String bug, Alteration planted, Check check, int partiesMax) {
    caught(bug, planted, check, partiesMax, PartyScenario::of);
  }

  private static void caught(
      String bug,
      Alteration planted,
      Check check,
      int partiesMax,
      LongFunction<PartyScenario> scenario) {
    Optional<PartyReport> caught =
        LongStream.range(SEED, SEED + partiesMax)
            .mapToObj(seed -> PartySimulation.run(scenario.apply(seed), planted, List.of(check)))
            .filter(report -> !report.violations().isEmpty())
            .findFirst();

    assertThat(caught)
        .as("%s, sought in %d parties by %s", bug, partiesMax, check.getClass().getSimpleName())
        .isPresent();
    System.out.printf("%s, caught: %s%n", bug, caught.get());
  }
}
