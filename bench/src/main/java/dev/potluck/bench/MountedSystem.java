package dev.potluck.bench;

import java.nio.file.Path;

/// Where one of the systems that are compared shows the same files.
record MountedSystem(String name, Path folder) {
  static final String POTLUCK = "potluck";
  static final String NATIVE = "native";

  Path file(String path) {
    return folder.resolve(path);
  }
}
