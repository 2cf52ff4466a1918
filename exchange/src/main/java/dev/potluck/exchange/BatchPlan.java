package dev.potluck.exchange;

import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;
import dev.potluck.exchange.BatchItem.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// Many small contents fetched from several holders in groups, as a state machine. Each holder has
/// a few groups under way, so that it always has a next one to send; an item that does not come
/// from one holder is asked of the next.
public final class BatchPlan {
  public static final int GROUP_ITEMS_MAX = 1_024;
  public static final long GROUP_BYTES_MAX = 4 << 20;

  static final int GROUPS_UNDER_WAY = 2;
  static final int SHARED_GROUP_ITEMS_MIN = 32;

  /// Corrupt items after which a holder is dropped.
  static final int STRIKES_MAX = 2;

  /// Failed groups in a row after which a holder counts as lost.
  static final int FAILURES_MAX = 3;

  private final List<BatchItem> items = new ArrayList<>();
  private final Map<PeerId, Source> sources = new LinkedHashMap<>();
  private final Map<Integer, Group> groups = new HashMap<>();
  private int nextGroup;
  private int waiting;
  private int done;
  private int failed;
  private boolean finished;
  private List<BatchEffect> effects = new ArrayList<>();

  /// One content and who has it, the preferred holder first.
  public record Item(ContentId content, List<PeerId> holders) {
    public Item {
      holders = List.copyOf(holders);
    }
  }

  private record Group(PeerId holder, SequencedSet<Integer> items) {}

  private static final class Source {
    final PeerId peer;

    /// Items it may be asked for; some may have been taken by others meanwhile.
    final ArrayDeque<Integer> queue = new ArrayDeque<>();

    int groups;
    int strikes;
    int failures;
    boolean usable = true;
    boolean dropped;

    Source(PeerId peer) {
      this.peer = peer;
    }
  }

  public BatchPlan(List<Item> wanted) {
    for (Item item : wanted) {
      int number = items.size();
      items.add(new BatchItem(item.content.size(), item.holders));
      item.holders.forEach(peer -> source(peer).queue.add(number));
    }
    waiting = items.size();
  }

  /// What to do now that this has happened.
  public List<BatchEffect> apply(BatchEvent event) {
    if (finished) {
      return List.of();
    }
    effects = new ArrayList<>();
    switch (event) {
      case BatchEvent.Start() -> failHopeless();
      case BatchEvent.Verified(var holder, var item) -> verified(holder, item);
      case BatchEvent.Corrupt(var holder, var item) -> corrupt(holder, item);
      case BatchEvent.Missing(var holder, var item) -> missing(holder, item);
      case BatchEvent.GroupEnded(var holder, var group) -> groupEnded(holder, group);
      case BatchEvent.GroupFailed(var holder, var group, var why) ->
          groupFailed(holder, group, why);
      case BatchEvent.HolderLost(var holder) -> lost(source(holder));
      case BatchEvent.HolderBack(var holder) -> back(source(holder));
      case BatchEvent.Abandoned(var item, var why) -> fail(items.get(item), item, why);
    }
    fill();
    if (done + failed == items.size()) {
      finished = true;
      effects.add(new BatchEffect.Finished(done, failed));
    }
    return effects;
  }

  private Source source(PeerId peer) {
    return sources.computeIfAbsent(peer, Source::new);
  }

  private void verified(PeerId holder, int number) {
    BatchItem item = items.get(number);
    source(holder).failures = 0;
    if (!item.isOver()) {
      leave(item);
      item.stage = Stage.DONE;
      done++;
      effects.add(new BatchEffect.Done(number, holder));
    }
  }

  private void corrupt(PeerId holder, int number) {
    Source source = source(holder);
    source.strikes++;
    boolean drop = source.strikes >= STRIKES_MAX && !source.dropped;
    effects.add(new BatchEffect.Distrust(holder, drop, "content does not match its root"));
    BatchItem item = items.get(number);
    item.corrupt = true;
    item.why = "its content arrived corrupt";
    tried(item, number, holder);
    if (drop) {
      source.dropped = true;
      lost(source);
    }
  }

  private void missing(PeerId holder, int number) {
    BatchItem item = items.get(number);
    if (!item.isOver()) {
      item.why = "no holder has it any more";
    }
    tried(item, number, holder);
  }

  private void groupEnded(PeerId holder, int number) {
    Group group = groups.remove(number);
    if (group != null && group.holder.equals(holder)) {
      source(holder).groups--;
      for (int item : group.items) {
        if (items.get(item).isAskedIn(number)) {
          missing(holder, item);
        }
      }
    }
  }

  private void groupFailed(PeerId holder, int number, String why) {
    Source source = source(holder);
    giveBack(number, why);
    source.failures++;
    if (source.failures >= FAILURES_MAX) {
      lost(source);
    }
  }

  /// What the group did not bring waits again.
  private void giveBack(int number, String why) {
    Group group = groups.remove(number);
    if (group == null) {
      return;
    }
    source(group.holder).groups--;
    for (int item : group.items.reversed()) {
      BatchItem state = items.get(item);
      if (state.isAskedIn(number)) {
        state.why = why;
        waitAgain(state, item);
      }
    }
  }

  private void lost(Source source) {
    source.usable = false;
    List.copyOf(groups.entrySet()).stream()
        .filter(entry -> entry.getValue().holder.equals(source.peer))
        .forEach(entry -> giveBack(entry.getKey(), "its holder is gone"));
    failHopeless();
  }

  private void back(Source source) {
    if (!source.dropped) {
      source.usable = true;
      source.failures = 0;
    }
  }

  private void tried(BatchItem item, int number, PeerId holder) {
    if (item.isOver()) {
      return;
    }
    item.tried(holder);
    waitAgain(item, number);
    failIfHopeless(item, number);
  }

  private void waitAgain(BatchItem item, int number) {
    leave(item);
    item.stage = Stage.WAITING;
    waiting++;
    for (PeerId peer : item.holders) {
      if (item.mayAsk(peer)) {
        source(peer).queue.addFirst(number);
      }
    }
  }

  private void leave(BatchItem item) {
    if (item.stage == Stage.WAITING) {
      waiting--;
    }
  }

  private void failHopeless() {
    for (int number = 0; number < items.size(); number++) {
      failIfHopeless(items.get(number), number);
    }
  }

  private void failIfHopeless(BatchItem item, int number) {
    if (item.stage != Stage.WAITING || anyoneFor(item)) {
      return;
    }
    if (item.tryAgain()) {
      waitAgain(item, number);
    }
    if (!anyoneFor(item)) {
      fail(item, number, item.why);
    }
  }

  private boolean anyoneFor(BatchItem item) {
    return item.holders.stream().anyMatch(p -> item.mayAsk(p) && source(p).usable);
  }

  private void fail(BatchItem item, int number, String why) {
    if (!item.isOver()) {
      leave(item);
      item.stage = Stage.FAILED;
      failed++;
      effects.add(new BatchEffect.Failed(number, item.corrupt, why));
    }
  }

  private void fill() {
    boolean asked = true;
    while (asked && waiting > 0) {
      asked = false;
      for (Source source : sources.values()) {
        if (source.usable && source.groups < GROUPS_UNDER_WAY) {
          asked |= ask(source);
        }
      }
    }
  }

  private boolean ask(Source source) {
    SequencedSet<Integer> chosen = new LinkedHashSet<>();
    long bytes = 0;
    int most = groupItemsMax();
    while (chosen.size() < most) {
      Integer number = source.queue.peek();
      if (number == null) {
        break;
      }
      BatchItem item = items.get(number);
      if (item.stage == Stage.WAITING && item.mayAsk(source.peer)) {
        if (!chosen.isEmpty() && bytes + item.sizeBytes > GROUP_BYTES_MAX) {
          break;
        }
        bytes += item.sizeBytes;
        leave(item);
        item.askedIn(nextGroup);
        chosen.add(number);
      }
      source.queue.poll();
    }
    if (chosen.isEmpty()) {
      return false;
    }
    groups.put(nextGroup, new Group(source.peer, chosen));
    source.groups++;
    effects.add(new BatchEffect.Ask(source.peer, nextGroup++, List.copyOf(chosen)));
    return true;
  }

  /// With several holders groups shrink towards the end, so that all end at about the same time.
  private int groupItemsMax() {
    long usable = sources.values().stream().filter(s -> s.usable).count();
    return usable <= 1
        ? GROUP_ITEMS_MAX
        : Math.clamp(
            waiting / (2 * GROUPS_UNDER_WAY * usable), SHARED_GROUP_ITEMS_MIN, GROUP_ITEMS_MAX);
  }
}
