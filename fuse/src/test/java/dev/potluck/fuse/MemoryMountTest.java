package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What programs can do in a mount, with requests served by readers, and by threads of their own.
@ParameterizedClass(name = "on threads of their own: {0}")
@ValueSource(booleans = {false, true})
@Timeout(120)
class MemoryMountTest {
  @Parameter boolean mayBlock;
  private Mounted<MemoryFileSystem> mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    mounted = Mounted.of(new MemoryFileSystem(Mounted.LONG, mayBlock));
  }

  @AfterEach
  void unmount() throws IOException {
    if (mounted != null) {
      mounted.close();
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    byte[] bytes = new byte[5_000_001];
    new Random(1).nextBytes(bytes);

    Files.write(mounted.path("file"), bytes);

    assertThat(mounted.files.named("file").read(0, bytes.length)).isEqualTo(bytes);
    assertThat(Files.readAllBytes(mounted.path("file"))).isEqualTo(bytes);
  }

  @Test
  void whatProgramsWriteIsCopiedAndCompared() throws IOException, InterruptedException {
    mounted.run(
        "/bin/sh",
        "-ec",
        """
        head -c 3000000 /dev/urandom > one
        cp one two && cmp one two
        mkdir -p deep/er && cp -a one deep/er/ && rm one && mv deep/er/one . && cmp one two
        tar cf all.tar two deep && mkdir out && tar xf all.tar -C out && cmp out/two one
        ln -s one link && cmp link two && ln one hard && test "$(stat -c %h one)" = 2
        dd if=/dev/urandom of=direct bs=1M count=3 oflag=direct status=none
        dd if=direct of=copy iflag=direct bs=64k status=none && cmp direct copy
        """);
  }

  @Test
  void renamingReplacesExchangesOrRefuses() throws IOException, InterruptedException {
    Files.writeString(mounted.path("a"), "a");
    Files.writeString(mounted.path("b"), "b");

    Files.move(mounted.path("a"), mounted.path("b"), StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(mounted.path("c"), "c");
    String said =
        mounted.python(
            """
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            def rename(a, b, flags):
                r = libc.renameat2(-100, a.encode(), -100, b.encode(), flags)
                return os.strerror(ctypes.get_errno()) if r else 'done'
            print(rename('b', 'c', 1), rename('b', 'c', 2), rename('b', 'new', 1), rename('new', 'x', 4))
            """);

    assertThat(said.strip()).isEqualTo("File exists done done Invalid argument");
    assertThat(mounted.path("a")).doesNotExist();
    assertThat(Files.readString(mounted.path("c"))).isEqualTo("a");
    assertThat(Files.readString(mounted.path("new"))).isEqualTo("c");
  }

  @Test
  void aFileIsMappedReadAndWritten() throws IOException, InterruptedException {
    Files.write(mounted.path("file"), new byte[100_000]);

    mounted.python(
        """
        import mmap
        with open('file', 'r+b') as f, mmap.mmap(f.fileno(), 0) as m:
            m[50000:50005] = b'hello'
            assert m[50000:50006] == b'hello\\0'
            m.flush()
        assert open('file', 'rb').read()[50000:50005] == b'hello'
        """);

    assertThat(mounted.files.named("file").read(50_000, 5))
        .isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aProgramRunsFromTheMount() throws IOException, InterruptedException {
    Files.copy(Path.of("/bin/ls"), mounted.path("ls"));
    Files.setPosixFilePermissions(mounted.path("ls"), PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(mounted.run(mounted.path("ls").toString(), "/")).contains("etc");
  }

  @Test
  void extendedAttributesOfUsersAreKeptAndOthersRefused() throws IOException, InterruptedException {
    Files.writeString(mounted.path("file"), "");

    String said =
        mounted.python(
            """
            import os, errno
            os.setxattr('file', 'user.colour', b'red', os.XATTR_CREATE)
            os.setxattr('file', 'user.big', b'x' * 60000)
            print(os.getxattr('file', 'user.colour'), sorted(os.listxattr('file')))
            assert len(os.getxattr('file', 'user.big')) == 60000
            os.removexattr('file', 'user.big')
            def error(f):
                try: f()
                except OSError as e: return errno.errorcode[e.errno]
            print(error(lambda: os.setxattr('file', 'user.colour', b'', os.XATTR_CREATE)),
                  error(lambda: os.setxattr('file', 'user.none', b'', os.XATTR_REPLACE)),
                  error(lambda: os.getxattr('file', 'user.big')),
                  error(lambda: os.getxattr('file', 'security.capability')),
                  error(lambda: os.setxattr('file', 'trusted.x', b'')))
            """);

    assertThat(said)
        .isEqualTo(
            """
            b'red' ['user.big', 'user.colour']
            EEXIST ENODATA ENODATA ENOTSUP ENOTSUP
            """);
  }

  @Test
  void truncatingGrowsAndShrinks() throws IOException, InterruptedException {
    Files.writeString(mounted.path("file"), "hello world");

    mounted.python(
        """
        import os
        os.truncate('file', 5)
        assert open('file').read() == 'hello'
        with open('file', 'r+') as f:
            f.truncate(10)
            assert os.fstat(f.fileno()).st_size == 10
            assert f.read() == 'hello' + chr(0) * 5
        open('file', 'w').close()
        assert os.stat('file').st_size == 0
        """);
  }

  @Test
  void holesAreFoundPunchedAndAllocated() throws IOException, InterruptedException {
    String said =
        mounted.python(
            """
            import os, ctypes
            f = os.open('file', os.O_RDWR | os.O_CREAT)
            os.pwrite(f, b'x' * 4096, 1 << 20)
            os.ftruncate(f, 1 << 40)
            print(os.lseek(f, 0, os.SEEK_DATA), os.lseek(f, 1 << 20, os.SEEK_HOLE), os.fstat(f).st_blocks)
            try: os.lseek(f, 1 << 30, os.SEEK_DATA)
            except OSError as e: print(e.strerror)
            libc = ctypes.CDLL(None, use_errno=True)
            assert libc.fallocate(f, 3, ctypes.c_long(1 << 20), ctypes.c_long(4096)) == 0
            print(os.pread(f, 2, 1 << 20), os.fstat(f).st_blocks)
            os.ftruncate(f, 0)
            os.posix_fallocate(f, 0, 10000)
            print(os.fstat(f).st_size)
            """);

    assertThat(said)
        .isEqualTo(
            """
            1048576 1052672 8
            No such device or address
            b'\\x00\\x00' 0
            10000
            """);
  }

  @Test
  void locksOfFilesAndRangesExcludeOthers() throws IOException, InterruptedException {
    String said =
        mounted.python(
            """
            import fcntl, os, struct
            f = open('file', 'w+')
            fcntl.lockf(f, fcntl.LOCK_EX, 10, 5)
            fcntl.flock(f, fcntl.LOCK_EX)
            r, w = os.pipe()
            if os.fork() == 0:
                g = open('file', 'r+')
                def refused(lock):
                    try: lock()
                    except BlockingIOError: return 'refused'
                    return 'granted'
                asked = fcntl.fcntl(g, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))
                print(struct.unpack('hhqqi4x', asked)[:4],
                      refused(lambda: fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 14)),
                      refused(lambda: fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 15)),
                      refused(lambda: fcntl.flock(g, fcntl.LOCK_SH | fcntl.LOCK_NB)), flush=True)
                os.write(w, b'1')
                fcntl.lockf(g, fcntl.LOCK_EX)
                print('waited', flush=True)
                os._exit(0)
            os.read(r, 1)
            f.close()
            os.wait()
            """);

    assertThat(said).isEqualTo("(1, 0, 5, 10) refused granted refused\nwaited\n");
  }

  @Test
  void aDirectoryOfManyEntriesIsListedWhole() throws IOException, InterruptedException {
    for (int i = 0; i < 100_000; i++) {
      mounted.files.put("file-" + i, new byte[0]);
    }

    try (Stream<Path> listed = Files.list(mounted.directory)) {
      assertThat(listed.map(p -> p.getFileName().toString()).distinct().count()).isEqualTo(100_000);
    }
    assertThat(mounted.run("/bin/sh", "-c", "ls -l | wc -l").strip()).isEqualTo("100001");
  }

  @Test
  void attributesAreKept() throws IOException, InterruptedException {
    Path file = Files.writeString(mounted.path("file"), "x");
    Instant time = Instant.parse("1960-02-03T04:05:06.123456789Z");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    mounted.python("import os; os.utime('file', ns=(0, -312753293_876543211))");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(time);
    assertThat(mounted.run("stat", "-c", "%F %h %W", "file").strip()).isEqualTo("regular file 1 1");
    assertThat(mounted.run("stat", "-f", "-c", "%b %f %a %c %d %l", ".").strip())
        .isEqualTo("1000 900 800 70 60 255");
  }

  @Test
  void filesWithoutANameArePossible() throws IOException, InterruptedException {
    mounted.python(
        """
        import ctypes, os
        f = os.open('.', os.O_TMPFILE | os.O_RDWR, 0o600)
        os.write(f, b'kept')
        assert ctypes.CDLL(None).linkat(-100, f'/proc/self/fd/{f}'.encode(), -100, b'named', 0x400) == 0
        g = os.open('copied', os.O_CREAT | os.O_RDWR)
        os.lseek(f, 0, 0)
        assert os.copy_file_range(f, g, 4) == 4
        assert os.listdir('.') == ['named', 'copied']
        """);

    assertThat(Files.readString(mounted.path("copied"))).isEqualTo("kept");
  }

  @Test
  void errorsAreWhatProgramsExpect() throws IOException {
    Files.createDirectory(mounted.path("full"));
    Files.writeString(mounted.path("full").resolve("x"), "");

    assertThatThrownBy(() -> Files.readString(mounted.path("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Files.createDirectory(mounted.path("full")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.delete(mounted.path("full")))
        .isInstanceOf(DirectoryNotEmptyException.class);
  }

  @Test
  void isMountedWithoutSetUserIdAndDevices() throws IOException {
    String table = Files.readString(Path.of("/proc/self/mountinfo"));

    assertThat(table.lines().filter(line -> line.contains(" fuse.potluck-test potluck-test ")))
        .isNotEmpty()
        .allMatch(line -> line.contains("nosuid,nodev") && line.contains("default_permissions"));
  }

  @Test
  void theKernelForgetsWhatIsDeleted() throws IOException {
    for (int i = 0; i < 100; i++) {
      Files.writeString(mounted.path("file" + i), "x");
      Files.delete(mounted.path("file" + i));
    }

    Awaitility.await().untilAsserted(() -> assertThat(mounted.files.nodes.size()).isEqualTo(1));
    assertThat(mounted.files.files.size()).isZero();
  }
}
