package dev.potluck.fuse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// A process of its own that mounts a memory file system with a file `hello` in it, for tests that
/// kill it or run it as somebody else. Says `mounted`; unmounts at the word `unmount`, by force at
/// `force`.
final class MountProgram {
  private MountProgram() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    MemoryFileSystem files = new MemoryFileSystem(Duration.ofHours(1), true);
    files.put("hello", "hello from a process\n".getBytes(StandardCharsets.UTF_8));
    try {
      FuseMount mount = FuseMount.mount(Path.of(arguments[0]), files, Mounted.options());
      System.out.println("mounted passthrough=" + mount.features().passthrough());
      BufferedReader words =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      switch (words.readLine()) {
        case "unmount" -> mount.unmount();
        case "force" -> mount.unmountForced();
        case null, default -> throw new IllegalStateException("what?");
      }
      System.out.println("unmounted");
    } catch (ErrnoException e) {
      System.out.println("failed: " + e.getMessage());
    }
  }
}
