package dev.potluck.fuse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A process of its own that mounts a memory file system with a file `hello` in it, for tests that
/// kill it or run it as somebody else. Says `mounted`; unmounts at the word `unmount`, by force at
/// `force`. Who looks for the file `stuck` or makes the file `busy` waits for ever; the kernel is
/// told of that name meanwhile.
final class MountProgram {
  private static final String STUCK = "stuck";
  private static final String BUSY = "busy";

  private MountProgram() {}

  private static final class Stuck extends MemoryFileSystem {
    private volatile @Nullable Notifier kernel;

    Stuck() {
      super(Duration.ofHours(1), true);
    }

    @Override
    public void mounted(Features features, Notifier notifier) {
      super.mounted(features, notifier);
      kernel = notifier;
    }

    @Override
    public synchronized Entry lookup(Request request, long parent, String name)
        throws IOException, InterruptedException {
      if (name.equals(STUCK)) {
        waitForOneself(parent, name);
      }
      return super.lookup(request, parent, name);
    }

    @Override
    public synchronized Created create(
        Request request, long parent, String name, int mode, int flags) throws IOException {
      if (name.equals(BUSY)) {
        waitForOneself(parent, name);
      }
      return super.create(request, parent, name, mode, flags);
    }

    private void waitForOneself(long parent, String name) throws IOException {
      Notifier told = Objects.requireNonNull(kernel);
      try {
        told.invalidateEntry(parent, name);
        boolean heard = told.await(Duration.ofSeconds(2));
        System.out.println(heard ? "heard" : "not heard");
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    MemoryFileSystem files = new Stuck();
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
