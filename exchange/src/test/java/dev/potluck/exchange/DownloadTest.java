package dev.potluck.exchange;

import static dev.potluck.exchange.Peers.ANNA;
import static dev.potluck.exchange.Peers.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
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
