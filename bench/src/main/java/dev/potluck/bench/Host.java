package dev.potluck.bench;

import java.util.ArrayList;
import java.util.List;

/// Where a process runs: this machine, or a network namespace that looks like one.
///
/// @param prefix what a command line there begins with
/// @param address it is reached at
record Host(List<String> prefix, String address) {
  static final Host LOOPBACK = new Host(List.of(), "127.0.0.1");

  Host {
    prefix = List.copyOf(prefix);
  }

  static Host inNamespace(String namespace, String address) {
    return new Host(List.of("ip", "netns", "exec", namespace), address);
  }

  /// The same host; what a program there mounts is mounted on this machine.
  Host withMountsOfAll() {
    return prefix.isEmpty()
        ? this
        : new Host(List.of("nsenter", "--net=/run/netns/" + prefix.getLast()), address);
  }

  List<String> command(List<String> words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(words);
    return command;
  }
}
