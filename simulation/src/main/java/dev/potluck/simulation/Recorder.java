package dev.potluck.simulation;

import java.util.ArrayList;
import java.util.List;

/// Writes a history down while it happens. Thread-safe: real machines are asked by many threads.
public final class Recorder {
  private final List<Asked> asked = new ArrayList<>();
  private final List<View> views = new ArrayList<>();

  /// Something that was asked; the answer is still out, or never comes.
  public static final class Asked {
    private final String machine;
    private final Action action;
    private final long invokedNanos;
    private Outcome outcome = new Outcome.Uncertain();
    private long answeredNanos;
    private boolean dated;
    private boolean withdrawn;

    private Asked(String machine, Action action, long invokedNanos) {
      this.machine = machine;
      this.action = action;
      this.invokedNanos = invokedNanos;
    }
  }

  public synchronized Asked asks(String machine, Action action, long nowNanos) {
    Asked one = new Asked(machine, action, nowNanos);
    asked.add(one);
    return one;
  }

  public synchronized void answered(Asked one, Outcome outcome, long nowNanos) {
    one.outcome = outcome;
    one.answeredNanos = nowNanos;
  }

  /// The answer came from a memory that may have been old.
  public synchronized void answeredFromMemory(Asked one, Outcome outcome, long nowNanos) {
    answered(one, outcome, nowNanos);
    one.dated = true;
  }

  /// It came to nothing, for sure.
  public synchronized void withdrawn(Asked one) {
    one.withdrawn = true;
  }

  public synchronized void sees(View view) {
    views.add(view);
  }

  public synchronized History history() {
    List<Operation> operations = new ArrayList<>(asked.size());
    for (Asked one : asked) {
      if (!one.withdrawn) {
        operations.add(
            new Operation(
                one.machine,
                one.action,
                one.invokedNanos,
                one.outcome,
                one.answeredNanos,
                one.dated));
      }
    }
    return new History(operations, views);
  }
}
