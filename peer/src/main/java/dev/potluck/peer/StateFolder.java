package dev.potluck.peer;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// `.potluck/` in a share or in a tracker's folder: Potluck's own state, for nobody else's eyes.
final class StateFolder {
  private StateFolder() {}

  /// Makes the folder and its state folder if they are missing.
  ///
  /// @return the state folder, mode 0700
  static Path in(Path folder) {
    try {
      Files.createDirectories(folder);
      Path state = folder.resolve(ControlProtocol.STATE_FOLDER);
      if (!Files.exists(state)) {
        Files.createDirectory(
            state,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
      return state;
    } catch (IOException e) {
      throw new FailedException("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }
}
