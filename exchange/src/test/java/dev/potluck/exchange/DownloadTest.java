package dev.potluck.exchange;

import static dev.potluck.exchange.Peers.ANNA;
import static dev.potluck.exchange.Peers.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DownloadTest {
  private static final long SECOND = 1_000_000_000L;

  private final Pieces pieces = new Pieces(64L << 20);
  private final Estimates estimates = new Estimates();
  private final List<Effect> seen = new ArrayList<>();
  private final ArrayDeque<Effect.Ask> asks = new ArrayDeque<>();
  private long nowNanos = 1_000;
  private Download download = download(PieceSet.none(pieces.count()), Selector.ADAPTIVE);

  private Download download(PieceSet have, Selector selector) {
    return new Download(pieces, have, selector, estimates, new SplittableRandom(7), nowNanos);
  }

  private void tell(Event event) {
    for (Effect effect : download.apply(event, nowNanos)) {
      seen.add(effect);
      if (effect instanceof Effect.Ask ask) {
        asks.add(ask);
      }
    }
  }

  private void whole(PeerId... holders) {
    List<Candidate> found = new ArrayList<>();
    for (PeerId holder : holders) {
      found.add(new Candidate(holder, true));
    }
    tell(new Event.HoldersFound(found));
    for (PeerId holder : holders) {
      if (seen.contains(new Effect.Subscribe(holder))) {
        tell(new Event.Subscribed(holder, true, false));
      }
    }
  }

  /// Answers every request, each piece taking a millisecond, until there are none.
  private void deliverAll() {
    while (!asks.isEmpty()) {
      Effect.Ask ask = asks.poll();
      for (int p = ask.first(); p < ask.first() + ask.count(); p++) {
        nowNanos += 1_000_000;
        tell(new Event.Verified(ask.holder(), p, pieces.length(p)));
      }
    }
  }

  private void passSeconds(int seconds) {
    long endNanos = nowNanos + seconds * SECOND;
    while (nowNanos < endNanos) {
      nowNanos += SECOND / 10;
      tell(new Event.Tick());
    }
  }

  @Test
  void oneHolderIsAskedForEveryPieceOnce() {
    whole(ANNA);

    deliverAll();

    assertThat(seen).last().isEqualTo(new Effect.Completed());
    assertThat(download.have().isFull()).isTrue();
    assertThat(download.deliveredBytes()).containsEntry(ANNA, pieces.size());
    assertThat(asks(ANNA)).hasSize(pieces.count()).doesNotHaveDuplicates();
  }

  @Test
  void whatIsOnDiskIsNotAskedFor() {
    PieceSet onDisk = PieceSet.all(pieces.count());
    onDisk.remove(17);
    download = download(onDisk, Selector.ADAPTIVE);

    whole(ANNA);
    deliverAll();

    assertThat(asks(ANNA)).containsExactly(17);
    assertThat(download.isComplete()).isTrue();
  }

  @Test
  void piecesOfALostHolderAreAskedOfAnother() {
    whole(ANNA, BEN);

    asks.removeIf(ask -> ask.holder().equals(ANNA));
    tell(new Event.HolderLost(ANNA));
    deliverAll();

    assertThat(download.isComplete()).isTrue();
    assertThat(download.deliveredBytes()).containsOnlyKeys(BEN);
  }

  @Test
  void downloadIsStuckWhenEverybodyIsGoneAndGoesOnWhenOneReturns() {
    whole(ANNA);
    asks.clear();

    tell(new Event.HolderLost(ANNA));
    assertThat(seen).anyMatch(Effect.Stuck.class::isInstance);
    passSeconds(2);
    assertThat(seen).contains(new Effect.FindHolders());

    whole(BEN);
    deliverAll();
    assertThat(download.isComplete()).isTrue();
  }

  @Test
  void stalledHolderIsReplaced() {
    whole(ANNA, BEN);
    asks.removeIf(ask -> ask.holder().equals(ANNA));
    deliverAll();

    passSeconds(25);
    deliverAll();

    assertThat(download.isComplete()).isTrue();
  }

  @Test
  void boundHolderIsAskedOnlyForWhatItSuggests() {
    tell(new Event.HoldersFound(List.of(new Candidate(ANNA, true))));
    tell(new Event.Subscribed(ANNA, true, true));
    tell(new Event.Suggested(ANNA, List.of(40, 41), true));
    assertThat(asks(ANNA)).containsExactly(40, 41);
    deliverAll();
    assertThat(asks(ANNA)).containsExactly(40, 41);

    tell(new Event.Suggested(ANNA, List.of(), false));
    deliverAll();
    assertThat(download.isComplete()).isTrue();
  }

  @Test
  void corruptPieceComesFromElsewhereAndARepeatedLiarIsDropped() {
    whole(ANNA, BEN);
    List<Effect.Ask> annas = asks.stream().filter(a -> a.holder().equals(ANNA)).toList();
    asks.removeAll(annas);

    tell(new Event.Corrupt(ANNA, annas.get(0).first()));
    tell(new Event.Corrupt(ANNA, annas.get(1).first()));
    deliverAll();

    assertThat(seen).filteredOn(Effect.Distrust.class::isInstance).hasSize(2);
    assertThat(seen).contains(new Effect.Unsubscribe(ANNA));
    assertThat(download.isComplete()).isTrue();
    assertThat(download.deliveredBytes()).containsOnlyKeys(BEN);
  }

  @Test
  void onlyHolderThatLiesOnceIsAskedAgain() {
    whole(ANNA);

    Effect.Ask ask = asks.remove();
    tell(new Event.Corrupt(ANNA, ask.first()));
    deliverAll();

    assertThat(download.isComplete()).isTrue();
  }

  @Test
  void corruptEverywhereIsSaid() {
    whole(ANNA);

    while (seen.stream().noneMatch(Effect.Stuck.class::isInstance)) {
      tell(new Event.Corrupt(ANNA, asks.remove().first()));
    }

    assertThat(seen).anyMatch(e -> e instanceof Effect.Stuck stuck && stuck.corrupt());
  }

  @Test
  void fastHolderIsAskedForLongRunsAhead() {
    whole(ANNA);

    deliverFor(ANNA, 4);

    int ahead = asks.stream().mapToInt(Effect.Ask::count).sum();
    assertThat((long) ahead * pieces.pieceLength()).isGreaterThanOrEqualTo(8 << 20);
    assertThat(asks).anyMatch(ask -> ask.count() * (long) pieces.pieceLength() > 1 << 20);
    assertThat(asks.size()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void lastPiecesOfASlowHolderAreAskedOfTheFastOneToo() {
    whole(ANNA, BEN);
    Effect.Ask slow = asks.stream().filter(a -> a.holder().equals(BEN)).findFirst().orElseThrow();
    asks.remove(slow);
    nowNanos += SECOND;
    tell(new Event.Verified(BEN, slow.first(), pieces.length(slow.first())));

    List<Effect.Ask> bens = asks.stream().filter(a -> a.holder().equals(BEN)).toList();
    asks.removeAll(bens);
    while (!asks.isEmpty()) {
      deliverFor(ANNA, 1);
      asks.removeIf(ask -> ask.holder().equals(BEN));
    }

    assertThat(download.isComplete()).isTrue();
    assertThat(seen).anyMatch(e -> e instanceof Effect.Withdraw w && w.holder().equals(BEN));
  }

  @Test
  void whatAReaderWaitsForIsAskedFirstAndReadAheadGrows() {
    whole(ANNA);
    int middle = pieces.count() / 2;

    tell(new Event.Wanted(1, pieces.offset(middle), 1));
    tell(new Event.Wanted(1, pieces.offset(middle) + 1, 1));
    deliverFor(ANNA, 5);

    assertThat(asks(ANNA)).contains(middle, middle + 1, middle + 2, middle + 3);
    assertThat(asks(ANNA).indexOf(middle)).isLessThan(asks(ANNA).indexOf(middle + 3));
  }

  @Test
  void onDemandOnlyWhatReadersWaitForIsFetched() {
    download.onDemand(true);
    whole(ANNA);
    assertThat(asks).isEmpty();
    assertThat(download.wakeAtNanos()).isEqualTo(Long.MAX_VALUE);

    tell(new Event.Wanted(1, 0, 100));
    deliverAll();
    assertThat(asks(ANNA)).containsExactly(0);

    int far = pieces.count() - 2;
    tell(new Event.Wanted(2, pieces.offset(far), 100));
    deliverAll();
    assertThat(asks(ANNA)).containsExactly(0, far);
    assertThat(download.wakeAtNanos()).isEqualTo(Long.MAX_VALUE);

    tell(new Event.ReaderLeft(1));
    tell(new Event.ReaderLeft(2));
    passSeconds(30);
    assertThat(asks(ANNA)).hasSize(2);
    assertThat(seen).noneMatch(Effect.Stuck.class::isInstance);
  }

  @Test
  void whoReadsOnIsReadAheadFor() {
    download.onDemand(true);
    whole(ANNA);
    int read = 8;

    for (int piece = 0; piece < read; piece++) {
      tell(new Event.Wanted(1, pieces.offset(piece), pieces.length(piece)));
      deliverAll();
    }

    assertThat(download.have().nextMissing(0)).isGreaterThan(4 * read).isLessThan(pieces.count());
  }

  @Test
  void aReaderWhoseHolderIsGoneIsServedByAnother() {
    download.onDemand(true);
    whole(ANNA);
    tell(new Event.Wanted(1, 0, 100));
    asks.clear();
    tell(new Event.HolderLost(ANNA));
    assertThat(seen).anyMatch(Effect.Stuck.class::isInstance);
    passSeconds(2);
    assertThat(seen).contains(new Effect.FindHolders());

    whole(BEN);
    deliverAll();

    assertThat(asks(BEN)).containsExactly(0);
  }

  @Test
  void aDownloadOnDemandCanBecomeWhole() {
    download.onDemand(true);
    whole(ANNA);
    tell(new Event.Wanted(1, pieces.offset(5), 1));
    deliverAll();

    tell(new Event.WholeWanted());
    deliverAll();

    assertThat(seen).last().isEqualTo(new Effect.Completed());
    assertThat(asks(ANNA)).hasSize(pieces.count()).doesNotHaveDuplicates();
  }

  @Test
  void suggestionsOfWhatNoReaderWaitsForAreDeclined() {
    download.onDemand(true);
    tell(new Event.HoldersFound(List.of(new Candidate(BEN, false))));
    tell(new Event.Subscribed(BEN, false, true));
    tell(new Event.Available(BEN, PieceSet.all(pieces.count())));

    tell(new Event.Suggested(BEN, List.of(3), true));
    assertThat(seen).last().isEqualTo(new Effect.Decline(BEN, 3, false));

    tell(new Event.Wanted(1, pieces.offset(9), 1));
    assertThat(asks.remove()).isEqualTo(new Effect.Ask(BEN, 9, 1, 0));
  }

  @Test
  void classicTakesTheLeastLatencyAndLoadAndTheNextOnFailure() {
    estimates.emulatedLatency(ANNA, Duration.ofMillis(100));
    estimates.emulatedLatency(BEN, Duration.ofMillis(120));
    estimates.load(ANNA, 3);
    download = download(PieceSet.none(pieces.count()), Selector.CLASSIC);

    whole(ANNA, BEN);
    assertThat(seen).contains(new Effect.Subscribe(BEN));
    assertThat(seen).doesNotContain(new Effect.Subscribe(ANNA));
    assertThat(asks.element().waitNanos()).isEqualTo(120_000_000);

    tell(new Event.HolderLost(BEN));
    assertThat(seen).contains(new Effect.Subscribe(ANNA));
  }

  @Test
  void classicKeepsToItsChoiceWhenAnotherHolderIsLinkedAlready() {
    estimates.emulatedLatency(ANNA, Duration.ofMillis(100));
    estimates.emulatedLatency(BEN, Duration.ofMillis(20));
    download = download(PieceSet.none(pieces.count()), Selector.CLASSIC);

    tell(new Event.HoldersFound(List.of(new Candidate(ANNA, true), new Candidate(BEN, true))));
    tell(new Event.Subscribed(ANNA, true, false));
    tell(new Event.Subscribed(BEN, true, false));

    assertThat(seen).contains(new Effect.Subscribe(BEN), new Effect.Unsubscribe(ANNA));
    assertThat(asks(ANNA)).isEmpty();
    assertThat(asks(BEN)).isNotEmpty();
  }

  @Test
  void suggestionThatComesFromElsewhereIsDeclined() {
    whole(ANNA);
    int asked = asks.element().first();

    tell(new Event.Subscribed(BEN, false, true));
    tell(new Event.Suggested(BEN, List.of(asked), true));

    assertThat(seen).contains(new Effect.Decline(BEN, asked, true));
  }

  @Test
  void emptyContentIsCompleteAtOnce() {
    Download empty =
        new Download(
            new Pieces(0),
            PieceSet.none(0),
            Selector.ADAPTIVE,
            estimates,
            new SplittableRandom(7),
            nowNanos);

    assertThat(empty.apply(new Event.Tick(), nowNanos)).contains(new Effect.Completed());
  }

  @Test
  void aPieceCostsTheSameInAHugeContent() {
    Pieces huge = new Pieces(1L << 40);
    download =
        new Download(
            huge,
            PieceSet.none(huge.count()),
            Selector.ADAPTIVE,
            estimates,
            new SplittableRandom(7),
            nowNanos);
    whole(ANNA);

    for (int answered = 0; answered < 100_000; ) {
      Effect.Ask ask = asks.remove();
      for (int p = ask.first(); p < ask.first() + ask.count(); p++, answered++) {
        nowNanos += 1_000_000;
        tell(new Event.Verified(ANNA, p, huge.length(p)));
      }
    }

    assertThat(download.have().cardinality()).isGreaterThanOrEqualTo(100_000);
  }

  /// Answers that many requests of the holder, each piece taking a millisecond.
  private void deliverFor(PeerId holder, int requests) {
    for (int i = 0; i < requests; i++) {
      Effect.Ask ask =
          asks.stream().filter(a -> a.holder().equals(holder)).findFirst().orElse(null);
      if (ask == null) {
        return;
      }
      asks.remove(ask);
      for (int p = ask.first(); p < ask.first() + ask.count(); p++) {
        nowNanos += 1_000_000;
        tell(new Event.Verified(holder, p, pieces.length(p)));
      }
    }
  }

  private List<Integer> asks(PeerId holder) {
    List<Integer> asked = new ArrayList<>();
    for (Effect effect : seen) {
      if (effect instanceof Effect.Ask ask && ask.holder().equals(holder)) {
        for (int p = ask.first(); p < ask.first() + ask.count(); p++) {
          asked.add(p);
        }
      }
    }
    return asked;
  }
}
