package dev.potluck.exchange;

import dev.potluck.directory.PeerId;
import java.util.BitSet;
import java.util.List;

/// Where one item of a {@link BatchPlan} stands.
final class BatchItem {
  private static final int NO_GROUP = -1;

  enum Stage {
    WAITING,
    ASKED,
    DONE,
    FAILED
  }

  final long sizeBytes;
  final List<PeerId> holders;
  Stage stage = Stage.WAITING;
  boolean corrupt;
  String why = "no holder can be reached";

  /// Positions in `holders` of those who were asked in vain.
  private final BitSet tried = new BitSet();

  private int group = NO_GROUP;
  private boolean triedAgain;

  BatchItem(long sizeBytes, List<PeerId> holders) {
    this.sizeBytes = sizeBytes;
    this.holders = holders;
  }

  boolean isOver() {
    return stage == Stage.DONE || stage == Stage.FAILED;
  }

  void askedIn(int number) {
    stage = Stage.ASKED;
    group = number;
  }

  boolean isAskedIn(int number) {
    return stage == Stage.ASKED && group == number;
  }

  void tried(PeerId holder) {
    int position = holders.indexOf(holder);
    if (position >= 0) {
      tried.set(position);
    }
  }

  boolean mayAsk(PeerId holder) {
    int position = holders.indexOf(holder);
    return position >= 0 && !tried.get(position);
  }

  /// What arrived corrupt from everyone is asked for once more: the fault may have been on the way.
  boolean tryAgain() {
    boolean again = corrupt && !triedAgain;
    if (again) {
      triedAgain = true;
      tried.clear();
    }
    return again;
  }
}
