package dev.potluck.peer;

import dev.potluck.content.Pieces;
import dev.potluck.directory.Holder;
import dev.potluck.wire.Transfer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request for consecutive pieces from one holder. Belongs to the exchange thread, to which the
/// receiving thread hands what happened.
final class Run implements PieceReceiver.Judge {
  private final Fetch fetch;
  private final Holder holder;
  private final int first;
  private final int count;
  private final BitSet settled = new BitSet();
  private final BitSet withdrawn = new BitSet();
  private @Nullable Transfer transfer;
  private boolean cancelled;

  Run(Fetch fetch, Holder holder, int first, int count) {
    this.fetch = fetch;
    this.holder = holder;
    this.first = first;
    this.count = count;
  }

  Holder holder() {
    return holder;
  }

  void start() {
    if (cancelled) {
      return;
    }
    Pieces pieces = fetch.content().pieces();
    long offset = pieces.offset(first);
    int last = first + count - 1;
    long length = pieces.offset(last) + pieces.length(last) - offset;
    PieceReceiver receiver =
        new PieceReceiver(fetch.partial(), first, fetch.host().buffers(), this);
    int kept = receiver.resume();
    transfer =
        fetch
            .host()
            .bulk()
            .fetch(
                holder.bulk(),
                holder.peer(),
                fetch.content(),
                offset + kept,
                length - kept,
                receiver);
    var _ =
        transfer
            .outcome()
            .thenAccept(
                outcome -> {
                  receiver.close();
                  fetch.host().thread().run(() -> fetch.over(this, outcome));
                });
  }

  @Override
  public void verified(int piece, int lengthBytes) {
    fetch.host().thread().run(() -> settle(piece, () -> fetch.verified(this, piece, lengthBytes)));
  }

  @Override
  public void corrupt(int piece) {
    fetch.host().thread().run(() -> settle(piece, () -> fetch.corrupt(this, piece)));
  }

  @Override
  public void spoilt(int piece) {
    fetch.host().thread().run(() -> settle(piece, () -> fetch.spoilt(this, piece)));
  }

  @Override
  public void received(long bytes) {
    fetch.host().thread().run(() -> fetch.received(this, bytes));
  }

  private void settle(int piece, Runnable told) {
    settled.set(piece - first);
    told.run();
  }

  void withdraw(int piece) {
    withdrawn.set(piece - first);
    for (int i = settled.nextClearBit(0); i < count; i = settled.nextClearBit(i + 1)) {
      if (!withdrawn.get(i)) {
        return;
      }
    }
    cancel();
  }

  boolean isWithdrawn(int piece) {
    return withdrawn.get(piece - first);
  }

  List<Integer> undelivered() {
    List<Integer> pieces = new ArrayList<>();
    for (int i = settled.nextClearBit(0); i < count; i = settled.nextClearBit(i + 1)) {
      pieces.add(first + i);
    }
    return pieces;
  }

  void cancel() {
    cancelled = true;
    if (transfer != null) {
      transfer.cancel();
    }
  }
}
