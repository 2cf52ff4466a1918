package dev.potluck.peer;

import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands what scans find to the announcer and the updater. The share is opened before these exist:
/// what it finds meanwhile waits here.
final class ShareEvents implements ShareListener {
  private final EventLog log;
  private final List<ShareEvent> early = new ArrayList<>();
  private final Consumer<String> losing;
  private @Nullable Consumer<List<ShareEvent>> receiver;

  /// @param losing is told why the share is not to be used any more
  ShareEvents(EventLog log, Consumer<String> losing) {
    this.log = log;
    this.losing = losing;
  }

  @Override
  public void lost(String why) {
    losing.accept(why);
  }

  @Override
  public synchronized void changed(List<ShareEvent> events) {
    if (receiver == null) {
      early.addAll(events);
    } else {
      receiver.accept(events);
    }
  }

  synchronized void attach(Announcer announcer, Updater updater) {
    receiver = events -> deliver(events, announcer, updater);
    receiver.accept(early);
    early.clear();
  }

  private void deliver(List<ShareEvent> events, Announcer announcer, Updater updater) {
    List<Name> changed = new ArrayList<>();
    List<LocalFile> removed = new ArrayList<>();
    for (ShareEvent event : events) {
      Name name = event.file().name();
      switch (event) {
        case ShareEvent.Added _ -> {
          changed.add(name);
          log.add("added", "name", name.value());
        }
        case ShareEvent.Changed _ -> {
          changed.add(name);
          log.add("changed", "name", name.value());
        }
        case ShareEvent.Removed _ -> {
          removed.add(event.file());
          log.add("gone", "name", name.value());
        }
        case ShareEvent.Rotten(var file, _) -> updater.damaged(file);
        case ShareEvent.Overwritten(_, var keptAs) ->
            log.add("conflict", "name", name.value(), "kept_as", keptAs.value());
      }
    }
    announcer.changed(changed);
    announcer.removed(removed);
  }
}
