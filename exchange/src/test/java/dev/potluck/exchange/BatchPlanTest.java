package dev.potluck.exchange;

import static dev.potluck.exchange.Peers.ANNA;
import static dev.potluck.exchange.Peers.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.ContentId;
import dev.potluck.content.Root;
import dev.potluck.directory.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private final List<BatchEffect> seen = new ArrayList<>();
  private final ArrayDeque<BatchEffect.Ask> asks = new ArrayDeque<>();

  private static List<BatchPlan.Item> items(int count, long size, PeerId... holders) {
    List<BatchPlan.Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new BatchPlan.Item(new ContentId(new Root(i, 1, 1, 1), size), List.of(holders)));
    }
    return items;
  }

  private void tell(BatchPlan plan, BatchEvent event) {
    for (BatchEffect effect : plan.apply(event)) {
      seen.add(effect);
      if (effect instanceof BatchEffect.Ask ask) {
        asks.add(ask);
      }
    }
  }

  private void deliverAll(BatchPlan plan) {
    while (!asks.isEmpty()) {
      BatchEffect.Ask ask = asks.poll();
      ask.items().forEach(item -> tell(plan, new BatchEvent.Verified(ask.holder(), item)));
      tell(plan, new BatchEvent.GroupEnded(ask.holder(), ask.group()));
    }
  }

  @Test
  void groupsAreBoundedByCountAndBytes() {
    BatchPlan many = new BatchPlan(items(5_000, 4_096, ANNA));
    tell(many, new BatchEvent.Start());
    assertThat(asks).hasSize(2).allMatch(ask -> ask.items().size() == 1_024);

    asks.clear();
    BatchPlan large = new BatchPlan(items(100, 200_000, ANNA));
    tell(large, new BatchEvent.Start());
    assertThat(asks).hasSize(2).allMatch(ask -> ask.items().size() == 20);
  }

  @Test
  void everyItemIsAskedForOnceOverSeveralHolders() {
    BatchPlan plan = new BatchPlan(items(10_000, 4_096, ANNA, BEN));

    tell(plan, new BatchEvent.Start());
    deliverAll(plan);

    assertThat(seen).last().isEqualTo(new BatchEffect.Finished(10_000, 0));
    assertThat(asked(ANNA) + asked(BEN)).isEqualTo(10_000);
    assertThat(asked(ANNA)).isBetween(3_000L, 7_000L);
  }

  @Test
  void itemsOfALostHolderComeFromTheOther() {
    BatchPlan plan = new BatchPlan(items(3_000, 4_096, ANNA, BEN));

    tell(plan, new BatchEvent.Start());
    asks.removeIf(ask -> ask.holder().equals(ANNA));
    tell(plan, new BatchEvent.HolderLost(ANNA));
    deliverAll(plan);

    assertThat(seen).last().isEqualTo(new BatchEffect.Finished(3_000, 0));
  }

  @Test
  void corruptItemComesFromTheOtherHolderAndTheLiarIsDropped() {
    BatchPlan plan = new BatchPlan(items(2, 4_096, ANNA, BEN));

    tell(plan, new BatchEvent.Start());
    BatchEffect.Ask first = asks.poll();
    first.items().forEach(item -> tell(plan, new BatchEvent.Corrupt(first.holder(), item)));
    deliverAll(plan);

    assertThat(seen).last().isEqualTo(new BatchEffect.Finished(2, 0));
    assertThat(seen).anyMatch(e -> e instanceof BatchEffect.Distrust d && d.dropped());
  }

  @Test
  void itemThatNobodyHasFailsAndOthersDoNot() {
    BatchPlan plan = new BatchPlan(items(3, 4_096, ANNA));

    tell(plan, new BatchEvent.Start());
    BatchEffect.Ask ask = asks.remove();
    tell(plan, new BatchEvent.Missing(ANNA, 0));
    tell(plan, new BatchEvent.Verified(ANNA, 1));
    tell(plan, new BatchEvent.GroupEnded(ANNA, ask.group()));

    assertThat(seen).last().isEqualTo(new BatchEffect.Finished(1, 2));
  }

  @Test
  void itemWithoutHoldersFailsAtOnce() {
    BatchPlan plan = new BatchPlan(items(1, 4_096));

    tell(plan, new BatchEvent.Start());

    assertThat(seen).last().isEqualTo(new BatchEffect.Finished(0, 1));
  }

  @Test
  void failedGroupIsAskedAgainUntilTheHolderCountsAsLost() {
    BatchPlan plan = new BatchPlan(items(10, 4_096, ANNA));

    tell(plan, new BatchEvent.Start());
    for (int i = 0; i < 3; i++) {
      BatchEffect.Ask ask = asks.remove();
      tell(plan, new BatchEvent.GroupFailed(ANNA, ask.group(), "connection reset"));
    }

    assertThat(asks).isEmpty();
    assertThat(seen).contains(new BatchEffect.Failed(0, false, "connection reset"));
    assertThat(seen).last().isEqualTo(new BatchEffect.Finished(0, 10));
  }

  private long asked(PeerId holder) {
    return seen.stream()
        .filter(e -> e instanceof BatchEffect.Ask ask && ask.holder().equals(holder))
        .mapToLong(e -> ((BatchEffect.Ask) e).items().size())
        .sum();
  }
}
