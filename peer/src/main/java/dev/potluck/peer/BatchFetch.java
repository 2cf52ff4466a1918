package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.CorruptException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.SmallContents;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Holder;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import dev.potluck.exchange.BatchEffect;
import dev.potluck.exchange.BatchEvent;
import dev.potluck.exchange.BatchPlan;
import dev.potluck.wire.BatchSink;
import dev.potluck.wire.Transfer;
import dev.potluck.wire.TransferOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongConsumer;

/// Fetches many small files together: groups of them in one request, each verified and written
/// aside as it comes, a group's files put in place with one transaction. Runs in the thread that
/// calls; while that installs one group, the next is received.
final class BatchFetch {
  /// Contents up to this size travel in batches.
  static final int SMALL_BYTES = SmallContents.BYTES_MAX;

  private static final int QUEUED_MAX = 10_000;

  private final Share share;
  private final Swarms swarms;
  private final Announcer announcer;
  private final LongConsumer progress;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final Map<PeerId, Holder> holders = new HashMap<>();
  private final List<Wanted> wanted;
  private final Map<Integer, Asked> underWay = new HashMap<>();
  private final Map<Integer, Result> results = new HashMap<>();
  private final BatchPlan plan;
  private boolean finished;

  /// A file to fetch and who has it, the preferred holder first.
  record Wanted(Name name, Version version, Reason reason, List<Holder> holders) {}

  /// What became of a file.
  sealed interface Result {
    record Done(LocalFile file, Holder from) implements Result {}

    record Failed(PotluckException why) implements Result {}
  }

  /// @param progress is told the bytes of each group that is in place
  BatchFetch(
      Share share, Swarms swarms, Announcer announcer, List<Wanted> wanted, LongConsumer progress) {
    this.share = share;
    this.swarms = swarms;
    this.announcer = announcer;
    this.wanted = wanted;
    this.progress = progress;
    List<BatchPlan.Item> items = new ArrayList<>(wanted.size());
    for (Wanted file : wanted) {
      file.holders.forEach(holder -> holders.put(holder.peer(), holder));
      items.add(
          new BatchPlan.Item(
              file.version.content(), file.holders.stream().map(Holder::peer).toList()));
    }
    plan = new BatchPlan(items);
  }

  /// Fetches them all.
  ///
  /// @return a result a file, in the order they were wanted
  List<Result> run() throws InterruptedException {
    try (var _ = swarms.transfers().download()) {
      tell(new BatchEvent.Start());
      while (!finished) {
        tasks.take().run();
      }
    } finally {
      giveUp();
    }
    List<Result> inOrder = new ArrayList<>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      inOrder.add(results.get(i));
    }
    return inOrder;
  }

  /// Ends what still runs, as when the user cancels.
  private void giveUp() {
    for (Asked asked : underWay.values()) {
      asked.transfer.cancel();
      var _ = asked.transfer.outcome().thenRun(asked.receiver::discard);
    }
    underWay.clear();
  }

  private void tell(BatchEvent event) {
    plan.apply(event).forEach(this::carryOut);
  }

  private void carryOut(BatchEffect effect) {
    switch (effect) {
      case BatchEffect.Ask(var peer, var group, var items) -> ask(peer, group, items);
      case BatchEffect.Distrust(var peer, var dropped, var why) ->
          swarms.distrust(peer, holder(peer).name(), dropped, why);
      case BatchEffect.Done _ -> {}
      case BatchEffect.Failed(var item, var corrupt, var why) -> {
        Name name = wanted.get(item).name;
        results.putIfAbsent(
            item,
            new Result.Failed(
                corrupt
                    ? new CorruptException(name + ": every copy is damaged: " + why)
                    : new UnavailableException(name + ": no holder is up: " + why)));
      }
      case BatchEffect.Finished _ -> finished = true;
    }
  }

  private Holder holder(PeerId peer) {
    return Objects.requireNonNull(holders.get(peer), "a plan asks who was named to it");
  }

  private void ask(PeerId peer, int group, List<Integer> items) {
    Holder holder = holder(peer);
    List<ContentId> contents =
        items.stream().map(item -> wanted.get(item).version.content()).toList();
    Receiver receiver = new Receiver(peer, items);
    Transfer transfer = swarms.bulk().batch(holder.bulk(), peer, contents, receiver);
    underWay.put(group, new Asked(transfer, receiver));
    var _ = transfer.outcome().thenAccept(outcome -> tasks.add(() -> over(holder, group, outcome)));
  }

  /// A group on its way.
  private record Asked(Transfer transfer, Receiver receiver) {}

  /// Verifies what comes in and writes it aside, on the receiving thread. What it has belongs to
  /// the fetching thread once the transfer is over.
  private final class Receiver implements BatchSink {
    private final PeerId peer;
    private final List<Integer> items;
    private final SmallContents contents = new SmallContents();
    private final List<Integer> came = new ArrayList<>();
    private final List<Installer.Item> staged = new ArrayList<>();

    Receiver(PeerId peer, List<Integer> items) {
      this.peer = peer;
      this.items = items;
    }

    @Override
    public void content(int index, ByteBuffer bytes) {
      int item = items.get(index);
      Wanted file = wanted.get(item);
      if (!contents.isRight(file.version.content(), bytes)) {
        tasks.add(() -> tell(new BatchEvent.Corrupt(peer, item)));
        return;
      }
      try {
        staged.add(share.stage(new SmallFile(file.name, file.version, file.reason, bytes)));
        came.add(item);
      } catch (PotluckException e) {
        tasks.add(() -> abandoned(item, e));
      }
    }

    @Override
    public void absent(int index) {
      tasks.add(() -> tell(new BatchEvent.Missing(peer, items.get(index))));
    }

    void discard() {
      staged.forEach(share::discard);
    }
  }

  private void abandoned(int item, PotluckException why) {
    results.put(item, new Result.Failed(why));
    tell(new BatchEvent.Abandoned(item, why.getMessage()));
  }

  /// A group's answer is over: what came goes in its place.
  private void over(Holder holder, int group, TransferOutcome outcome) {
    Asked asked = underWay.get(group);
    if (asked == null) {
      return; // Given up.
    }
    List<Integer> came = asked.receiver.came;
    long bytes = 0;
    List<Name> names = new ArrayList<>(came.size());
    List<Share.Outcome> installed = share.installStaged(asked.receiver.staged);
    underWay.remove(group);
    for (int i = 0; i < came.size(); i++) {
      int item = came.get(i);
      switch (installed.get(i)) {
        case Share.Outcome.Done(var done) -> {
          results.put(item, new Result.Done(done.file(), holder));
          bytes += done.file().content().size();
          names.add(done.file().name());
          tell(new BatchEvent.Verified(holder.peer(), item));
        }
        case Share.Outcome.Failed(_, var why) -> abandoned(item, why);
      }
    }
    announcer.changed(names);
    if (outcome instanceof TransferOutcome.Violated(var why)) {
      swarms.distrust(holder.peer(), holder.name(), false, why);
    }
    progress.accept(bytes);
    tell(
        outcome instanceof TransferOutcome.Complete
            ? new BatchEvent.GroupEnded(holder.peer(), group)
            : new BatchEvent.GroupFailed(holder.peer(), group, String.valueOf(outcome)));
  }
}
