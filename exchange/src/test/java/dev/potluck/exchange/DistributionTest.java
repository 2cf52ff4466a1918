package dev.potluck.exchange;

import static dev.potluck.exchange.Peers.ANNA;
import static dev.potluck.exchange.Peers.BEN;
import static dev.potluck.exchange.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private final Pieces pieces = new Pieces(16L << 20);
  private final PieceSet none = PieceSet.none(pieces.count());
  private final List<ServeEffect> seen = new ArrayList<>();
  private final Distribution seed =
      new Distribution(
          pieces, PieceSet.all(pieces.count()), new Estimates(), new SplittableRandom(7));
  private long nowNanos = 1;

  private List<ServeEffect> tell(ServeEvent event) {
    nowNanos += 1_000_000;
    List<ServeEffect> effects = seed.apply(event, nowNanos);
    seen.addAll(effects);
    return effects;
  }

  private PieceSet set(int piece) {
    PieceSet set = none.copy();
    set.add(piece);
    return set;
  }

  @Test
  void singleSubscriberTakesWhatItLikes() {
    tell(new ServeEvent.Joined(ANNA, none, false));

    assertThat(seen).hasSize(1).first().isInstanceOf(ServeEffect.Accept.class);
    assertThat(((ServeEffect.Accept) seen.getFirst()).guided()).isFalse();
  }

  @Test
  void everyPieceGoesOutOnceBeforeAnyGoesOutTwice() {
    tell(new ServeEvent.Joined(ANNA, none, false));
    tell(new ServeEvent.Joined(BEN, none, false));

    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < seen.size() && sent.size() < pieces.count(); i++) {
      if (seen.get(i) instanceof ServeEffect.Suggest(PeerId to, List<Integer> suggested, _)) {
        for (int piece : suggested) {
          sent.add(piece);
          tell(new ServeEvent.Asked(to, piece));
          tell(new ServeEvent.Has(to, set(piece)));
        }
      }
    }

    assertThat(sent.subList(0, pieces.count())).doesNotHaveDuplicates();
  }

  @Test
  void whatASubscriberDeclinesIsOfferedToAnother() {
    tell(new ServeEvent.Joined(ANNA, none, false));
    tell(new ServeEvent.Joined(BEN, none, false));
    int piece = suggestedTo(ANNA).getFirst();

    tell(new ServeEvent.Declined(ANNA, piece, true));
    for (int other : List.copyOf(suggestedTo(BEN))) {
      tell(new ServeEvent.Has(BEN, set(other)));
    }
    answerAll(BEN);

    assertThat(suggestedTo(BEN)).contains(piece);
  }

  @Test
  void lastSubscriberIsSetFreeWhenTheOthersLeave() {
    tell(new ServeEvent.Joined(ANNA, none, false));
    tell(new ServeEvent.Joined(BEN, none, false));

    List<ServeEffect> effects = tell(new ServeEvent.Left(BEN));

    assertThat(effects).containsExactly(new ServeEffect.Suggest(ANNA, List.of(), false));
  }

  @Test
  void crowdBeyondTheBoundIsTurnedAway() {
    for (int i = 0; i < Distribution.SUBSCRIBERS_MAX; i++) {
      tell(new ServeEvent.Joined(peer(i), none, false));
    }

    assertThat(tell(new ServeEvent.Joined(ANNA, none, false)))
        .contains(new ServeEffect.TurnAway(ANNA));
    assertThat(tell(new ServeEvent.Joined(BEN, none, true)))
        .noneMatch(ServeEffect.TurnAway.class::isInstance);
  }

  @Test
  void whatNeverArrivesIsTakenBack() {
    tell(new ServeEvent.Joined(ANNA, none, false));
    tell(new ServeEvent.Joined(BEN, none, false));
    int before = seen.size();

    nowNanos += 60_000_000_000L;
    tell(new ServeEvent.Tick());

    assertThat(seen.subList(before, seen.size()))
        .anyMatch(effect -> effect instanceof ServeEffect.Suggest s && !s.pieces().isEmpty());
  }

  private void answerAll(PeerId to) {
    for (int answered = 0; answered < suggestedTo(to).size(); answered++) {
      tell(new ServeEvent.Has(to, set(suggestedTo(to).get(answered))));
    }
  }

  private List<Integer> suggestedTo(PeerId to) {
    List<Integer> all = new ArrayList<>();
    for (ServeEffect effect : seen) {
      if (effect instanceof ServeEffect.Suggest s && s.subscriber().equals(to)) {
        all.addAll(s.pieces());
      }
    }
    return all;
  }
}
