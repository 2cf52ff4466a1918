package dev.potluck.cli;

import dev.potluck.content.Name;
import java.util.List;

/// Names as a user types them.
final class Names {
  private Names() {}

  /// Checked, in the order they were typed.
  ///
  /// @throws dev.potluck.content.UsageException if one is not a name
  static List<String> of(List<String> typed) {
    return typed.stream().map(name -> Name.of(name).value()).toList();
  }

  /// A folder, with or without the slash that completion puts behind it.
  ///
  /// @throws dev.potluck.content.UsageException if it is not a name
  static String folder(String typed) {
    return Name.of(typed.endsWith("/") ? typed.substring(0, typed.length() - 1) : typed).value();
  }
}
