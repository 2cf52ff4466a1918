package dev.potluck.simulation;

import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Outcome.Committed;
import dev.potluck.simulation.Outcome.Done;
import dev.potluck.simulation.Outcome.Granted;
import dev.potluck.simulation.Outcome.Missing;
import dev.potluck.simulation.Outcome.Moved;
import dev.potluck.simulation.Outcome.Reason;
import dev.potluck.simulation.Outcome.Refused;
import dev.potluck.simulation.Outcome.Seen;
import dev.potluck.simulation.Outcome.Uncertain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a directory may answer: the sequential specification of names and locks, written down anew
/// rather than taken from the state machine that is checked by it.
///
/// A state is a list of {@link NameModel}s, in the order of the names given.
final class Specification {
  private final Map<String, Integer> places = new HashMap<>();
  private final KnownVersions known;

  /// @param known what versions can only have been
  Specification(List<String> names, KnownVersions known) {
    this.known = known;
    names.forEach(name -> places.put(name, places.size()));
  }

  /// Where every history begins.
  List<NameModel> initial() {
    return new ArrayList<>(Collections.nCopies(places.size(), NameModel.NONE));
  }

  /// The state after an operation that takes effect now; null if its outcome is impossible in this
  /// state, or if it is uncertain and would change nothing.
  @Nullable List<NameModel> after(List<NameModel> state, Operation operation) {
    String by = operation.machine();
    Outcome outcome = operation.outcome();
    if (outcome instanceof Refused(Reason reason) && reason == Reason.OTHER) {
      return state;
    }
    return switch (operation.action()) {
      case Action.Lock(String name) -> with(state, name, lock(of(state, name), by, outcome));
      case Action.Unlock(String name, long token) ->
          with(state, name, unlock(of(state, name), by, token, outcome));
      case Action.Commit(List<Edit> edits) -> commit(state, by, edits, outcome);
      case Action.Delete(String name) -> with(state, name, delete(of(state, name), by, outcome));
      case Action.Move(String from, String to) -> move(state, by, from, to, outcome);
      case Action.Read(String name) -> with(state, name, read(of(state, name), outcome));
    };
  }

  private static @Nullable NameModel lock(NameModel name, String by, Outcome outcome) {
    return switch (outcome) {
      case Granted(long token) when name.isOwnedBy(by) && name.token() == token -> name;
      case Granted(long token) -> token > name.lastToken() ? name.locked(by, token) : null;
      case Refused _ -> name.isLockedByOther(by) ? name : null;
      case Uncertain _ -> {
        boolean same = name.isOwnedBy(by) && name.token() == NameModel.UNKNOWN;
        yield same ? null : name.locked(by, NameModel.UNKNOWN);
      }
      case Outcome other -> throw notOf("a lock", other);
    };
  }

  private static @Nullable NameModel unlock(
      NameModel name, String by, long token, Outcome outcome) {
    boolean held = name.mayBeHeld(by, token);
    return switch (outcome) {
      case Done _ -> held ? name.freed() : null;
      case Uncertain _ -> null; // It may be over at any time anyway.
      case Refused _ -> held ? name.freed() : name;
      case Outcome other -> throw notOf("an unlock", other);
    };
  }

  private static @Nullable NameModel delete(NameModel name, String by, Outcome outcome) {
    NameModel writable = name.writable(by, Action.NO_TOKEN);
    return switch (outcome) {
      case Done _, Uncertain _ -> writable != null && name.live() ? writable.deleted() : null;
      case Missing _ -> name.live() ? null : writable;
      case Refused _ -> name.isLockedByOther(by) ? name : null;
      case Outcome other -> throw notOf("a delete", other);
    };
  }

  private static @Nullable NameModel read(NameModel name, Outcome outcome) {
    return switch (outcome) {
      case Seen(long number, var content, _) -> {
        boolean same = content.map(name.content()::equals).orElse(true);
        yield number == name.number() && content.isPresent() == name.live() && same ? name : null;
      }
      case Uncertain _ -> null;
      case Outcome other -> throw notOf("a read", other);
    };
  }

  private @Nullable List<NameModel> commit(
      List<NameModel> state, String by, List<Edit> edits, Outcome outcome) {
    return switch (outcome) {
      case Committed(List<Long> numbers) -> committed(state, by, edits, numbers);
      case Uncertain _ -> {
        List<NameModel> next = committed(state, by, edits, List.of());
        yield state.equals(next) ? null : next;
      }
      case Refused(Reason reason) when reason == Reason.LOCKED -> locked(state, by, edits);
      case Refused _ -> conflicting(state, by, edits);
      case Outcome other -> throw notOf("a commit", other);
    };
  }

  /// @param numbers what the versions must be, empty if that is not known
  private @Nullable List<NameModel> committed(
      List<NameModel> state, String by, List<Edit> edits, List<Long> numbers) {
    List<NameModel> next = state;
    for (int i = 0; i < edits.size() && next != null; i++) {
      Edit edit = edits.get(i);
      NameModel name = of(next, edit.name());
      NameModel made = isRepeated(name, edit) ? name : edited(name, by, edit);
      boolean other = made == null || (!numbers.isEmpty() && numbers.get(i) != made.number());
      next = other ? null : with(next, edit.name(), made);
    }
    return next;
  }

  /// What is the current version already is not made once more, whatever became of the lock.
  private static boolean isRepeated(NameModel name, Edit edit) {
    return name.live() && name.content().equals(edit.content());
  }

  private static @Nullable NameModel edited(NameModel name, String by, Edit edit) {
    NameModel writable = name.writable(by, edit.token());
    return writable == null || !isBase(name, edit) ? null : writable.written(edit.content());
  }

  /// A deleted name may be made anew by who never had it.
  private static boolean isBase(NameModel name, Edit edit) {
    return edit.base() == Action.ANY_BASE
        || edit.base() == name.number()
        || (edit.base() == 0 && !name.live());
  }

  private @Nullable List<NameModel> locked(List<NameModel> state, String by, List<Edit> edits) {
    for (Edit edit : edits) {
      NameModel name = of(state, edit.name());
      boolean stale = edit.token() != Action.NO_TOKEN && !name.mayBeHeld(by, edit.token());
      boolean others = edit.token() == Action.NO_TOKEN && name.isLockedByOther(by);
      if (!isRepeated(name, edit) && (stale || others)) {
        return state;
      }
    }
    if (edits.size() > 1) {
      // Which of the locks is over, or another's, is not said: none is taken for gone.
      return edits.stream().anyMatch(edit -> edit.token() != Action.NO_TOKEN) ? state : null;
    }
    Edit only = edits.getFirst();
    NameModel name = of(state, only.name());
    boolean over = !isRepeated(name, only) && only.token() != Action.NO_TOKEN;
    return over ? with(state, only.name(), name.freed()) : null;
  }

  private @Nullable List<NameModel> conflicting(
      List<NameModel> state, String by, List<Edit> edits) {
    List<NameModel> next = new ArrayList<>(state);
    boolean conflict = false;
    for (Edit edit : edits) {
      NameModel name = of(next, edit.name());
      if (isRepeated(name, edit)) {
        continue;
      }
      NameModel writable = name.writable(by, edit.token());
      if (writable == null) {
        return null;
      }
      next.set(place(edit.name()), writable);
      conflict |= edit.base() == Action.ANY_BASE || !isBase(name, edit);
    }
    return conflict ? next : null;
  }

  private @Nullable List<NameModel> move(
      List<NameModel> state, String by, String from, String to, Outcome outcome) {
    NameModel source = of(state, from);
    NameModel target = of(state, to);
    boolean others = source.isLockedByOther(by) || target.isLockedByOther(by);
    return switch (outcome) {
      case Moved(long number) when number == target.number() + 1 -> moved(state, by, from, to);
      case Moved _ -> null;
      case Uncertain _ -> moved(state, by, from, to);
      case Refused(Reason reason) -> {
        boolean possible =
            switch (reason) {
              case NO_SUCH_NAME -> !source.live();
              case CONFLICT -> target.live();
              case LOCKED -> others;
              case OTHER -> true;
            };
        yield possible ? state : null;
      }
      case Outcome other -> throw notOf("a move", other);
    };
  }

  private @Nullable List<NameModel> moved(
      List<NameModel> state, String by, String from, String to) {
    NameModel source = of(state, from);
    NameModel target = of(state, to);
    NameModel left = source.writable(by, Action.NO_TOKEN);
    NameModel made = target.writable(by, Action.NO_TOKEN);
    if (!source.live() || target.live() || left == null || made == null) {
      return null;
    }
    return with(with(state, from, left.deleted()), to, made.written(source.content()));
  }

  private NameModel of(List<NameModel> state, String name) {
    return state.get(place(name));
  }

  private int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException("not one of the names: " + name);
    }
    return place;
  }

  private @Nullable List<NameModel> with(
      @Nullable List<NameModel> state, String name, @Nullable NameModel now) {
    if (state == null || now == null) {
      return null;
    }
    NameModel before = of(state, name);
    if (now.equals(before)) {
      return state;
    }
    Optional<String> content = now.live() ? Optional.of(now.content()) : Optional.empty();
    if (now.number() != before.number() && !known.allow(name, now.number(), content)) {
      return null;
    }
    List<NameModel> next = new ArrayList<>(state);
    next.set(place(name), now);
    return next;
  }

  private static IllegalArgumentException notOf(String action, Outcome outcome) {
    return new IllegalArgumentException("no outcome of " + action + ": " + outcome);
  }
}
