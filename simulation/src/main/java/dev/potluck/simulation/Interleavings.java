package dev.potluck.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks for an order of the operations that the specification allows and that keeps to real time:
/// Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), with Lowe's memory of what was
/// in vain, "Testing for linearizability" (2017).
///
/// An operation whose outcome is uncertain may come at any place after it was asked, or not at all.
/// What is possible now and changes nothing is put first at once: nothing is lost by that. What is
/// uncertain is tried when nothing certain leads on: most of it is not needed to explain anything.
final class Interleavings {
  /// More than any history that was decided has needed, by far.
  private static final int STATES_MAX = 500_000;

  private static final int NONE = -1;

  private final Specification specification;
  private final List<Operation> operations;

  /// Calls and answers in order of time, as a list that operations are lifted out of: what is asked
  /// is the operation's number, what is answered its complement.
  private final int[] events;

  private final int[] next;
  private final int[] previous;
  private final int[] callAt;
  private final int[] answerAt;
  private int unanswered;

  private final Set<Tried> tried = new HashSet<>();
  private final BitSet done = new BitSet();

  private record Tried(BitSet done, List<NameModel> state) {}

  private record Step(
      int operation, List<NameModel> before, boolean certain, boolean certainlyRight) {}

  private record Moment(long atNanos, boolean answer, int operation) {}

  /// What came of the search.
  enum Found {
    ORDER,
    NO_ORDER,
    /// There were too many ways to try.
    NOTHING
  }

  private Interleavings(Specification specification, List<Operation> operations) {
    this.specification = specification;
    this.operations = operations;
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation one = operations.get(i);
      moments.add(new Moment(one.earliestNanos(), false, i));
      if (one.outcome().isCertain()) {
        moments.add(new Moment(one.answeredNanos(), true, i));
        unanswered++;
      }
    }
    moments.sort(Comparator.comparingLong(Moment::atNanos).thenComparing(Moment::answer));
    int count = moments.size();
    events = new int[count];
    next = new int[count + 1];
    previous = new int[count + 1];
    callAt = new int[operations.size()];
    answerAt = new int[operations.size()];
    Arrays.fill(answerAt, NONE);
    for (int at = 0; at < count; at++) {
      Moment moment = moments.get(at);
      events[at] = moment.answer ? ~moment.operation : moment.operation;
      (moment.answer ? answerAt : callAt)[moment.operation] = at;
    }
    // The last place is head and end of the list at once.
    for (int at = 0; at <= count; at++) {
      next[at] = at == count ? 0 : at + 1;
      previous[at] = at == 0 ? count : at - 1;
    }
  }

  static Found search(List<String> names, List<Operation> operations) {
    Specification specification = new Specification(names, new KnownVersions(operations));
    return new Interleavings(specification, operations).search();
  }

  private Found search() {
    int end = events.length;
    Deque<Step> steps = new ArrayDeque<>();
    List<NameModel> state = specification.initial();
    int at = next[end];
    boolean certain = true;
    while (unanswered > 0) {
      if (tried.size() > STATES_MAX) {
        return Found.NOTHING;
      }
      int event = events[at];
      if (event >= 0) {
        boolean isDue = operations.get(event).outcome().isCertain() == certain;
        List<NameModel> after = isDue ? tryNow(event, state) : null;
        if (after == null) {
          at = next[at];
          continue;
        }
        steps.push(new Step(event, state, certain, certain && after.equals(state)));
        state = after;
        lift(event);
        at = next[end];
        certain = true;
      } else if (certain) {
        at = next[end];
        certain = false;
      } else {
        Step last = undo(steps);
        if (last == null) {
          return Found.NO_ORDER;
        }
        state = last.before;
        at = next[callAt[last.operation]];
        certain = last.certain;
      }
    }
    return Found.ORDER;
  }

  private @Nullable List<NameModel> tryNow(int operation, List<NameModel> state) {
    Operation one = operations.get(operation);
    List<NameModel> after = specification.after(state, one);
    boolean isLock = one.action() instanceof Action.Lock;
    if (after == null || (isLock && !one.outcome().isCertain() && !isOfUse(state, after))) {
      return null;
    }
    done.set(operation);
    boolean isNew = tried.add(new Tried((BitSet) done.clone(), after));
    if (!isNew) {
      done.clear(operation);
    }
    return isNew ? after : null;
  }

  /// Whether something certain is possible after a step that was not before. A lock of which nobody
  /// knows can be taken when it is needed first: until then it changes nothing for anybody.
  private boolean isOfUse(List<NameModel> before, List<NameModel> after) {
    for (int at = next[events.length]; events[at] >= 0; at = next[at]) {
      Operation one = operations.get(events[at]);
      if (one.outcome().isCertain()
          && specification.after(before, one) == null
          && specification.after(after, one) != null) {
        return true;
      }
    }
    return false;
  }

  /// Takes back the last step that may have been wrong; null if there is none.
  private @Nullable Step undo(Deque<Step> steps) {
    while (!steps.isEmpty()) {
      Step last = steps.pop();
      unlift(last.operation);
      done.clear(last.operation);
      if (!last.certainlyRight) {
        return last;
      }
    }
    return null;
  }

  private void lift(int operation) {
    remove(callAt[operation]);
    if (answerAt[operation] != NONE) {
      remove(answerAt[operation]);
      unanswered--;
    }
  }

  private void unlift(int operation) {
    if (answerAt[operation] != NONE) {
      putBack(answerAt[operation]);
      unanswered++;
    }
    putBack(callAt[operation]);
  }

  private void remove(int at) {
    next[previous[at]] = next[at];
    previous[next[at]] = previous[at];
  }

  private void putBack(int at) {
    next[previous[at]] = at;
    previous[next[at]] = at;
  }
}
