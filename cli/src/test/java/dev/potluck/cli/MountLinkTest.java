package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs make symlinks in the mount of one peer, and others follow them in that of another: real
/// processes, since a JVM must not wait for a mount that it serves.
@Timeout(300)
final class MountLinkTest {
  private static final int LIMIT_SECONDS = 60;

  @TempDir private Path folder;
  @AutoClose private Mounts mounts;
  private Party party;
  private String founder = "";

  @BeforeEach
  void mount() throws Exception {
    mounts = Mounts.in(folder);
    party = mounts.party();
    founder = mounts.up("anna", "--open");
  }

  @Test
  void aLinkIsWhatALinkOnADiskIs() throws Exception {
    mounts.shell(
        "anna", "mkdir d; echo text > d/f; ln -s d/f l; ln -s d dl; ln -s /etc/passwd out");

    assertThat(mounts.shell("anna", "stat -c '%A %s %h' l; readlink l dl out; cat l dl/f; ls dl"))
        .isEqualTo("lrwxrwxrwx 3 1\nd/f\nd\n/etc/passwd\ntext\ntext\nf\n");
    assertThat(mounts.shell("anna", "find . -type l | sort; echo more >> l; cat d/f"))
        .isEqualTo("./dl\n./l\n./out\ntext\nmore\n");
    assertThat(
            mounts.python(
                "anna",
                """
                import ctypes, errno, os
                libc = ctypes.CDLL(None, use_errno=True)
                def no(call, *args, **named):
                    try:
                        call(*args, **named)
                        print('done', end=' ')
                    except OSError as e:
                        print(errno.errorcode[e.errno], end=' ')
                def fchmodat2(path):
                    if libc.syscall(452, -100, path.encode(), 0o600, 0x100) < 0:
                        raise OSError(ctypes.get_errno(), path)
                no(os.symlink, 'x', 'l')
                no(os.symlink, 'x', 'd')
                no(os.symlink, '', 'empty')
                no(os.symlink, 'x' * 4096, 'long')
                no(os.link, 'l', 'hard', follow_symlinks=False)
                no(os.open, 'l', os.O_RDONLY | os.O_NOFOLLOW)
                no(os.open, 'l', os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                no(fchmodat2, 'l')
                no(os.rmdir, 'dl')
                no(os.mkdir, 'l')
                no(os.rename, 'l', 'd')
                no(os.rename, 'd', 'l')
                no(os.readlink, 'd/f')
                no(os.symlink, 'x', '.potluck')
                os.utime('l', ns=(0, 10**18), follow_symlinks=False)
                print(os.lstat('l').st_mtime_ns == 10**18, os.stat('l').st_mtime_ns == 10**18,
                      os.listxattr('l', follow_symlinks=False), end=' ')
                os.symlink('y' * 4095, 'long')
                os.symlink(b'\\xff\\xfe', b'bytes')
                print(len(os.readlink('long')), os.readlink(b'bytes'))
                """))
        .isEqualTo(
            "EEXIST EEXIST ENOENT ENAMETOOLONG EPERM ELOOP EEXIST ENOTSUP ENOTDIR EEXIST EISDIR"
                + " ENOTDIR EINVAL EPERM True False [] 4095 b'\\xff\\xfe'");
    assertThat(party.ask("anna", "status", Map.of()).path("skipped")).isEmpty();
  }

  @Test
  void linksAreRenamedReplacedAndDeleted() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    mounts.shell("anna", "echo one > f; echo two > g; ln -s f l; mkdir d; ln -s ../f d/up");
    mounts.eventually("ben", "cat l d/up", "one\none\n");

    mounts.shell("anna", "ln -sfn g l; mv d e; mv g h; ln -s h g2; mv -T g2 f");
    mounts.eventually("ben", "readlink l; readlink e/up f; ls", "g\n../f\nh\ne\nf\nh\nl\n");
    mounts.eventually("ben", "cat f e/up", "two\ntwo\n");
    mounts.shell("ben", "echo plain > p; mv p l; rm f");
    mounts.eventually("anna", "cat l; ls; ls e; test -L e/up", "plain\ne\nh\nl\nup\n");
    mounts.shell("anna", "rm -r e");
    mounts.eventually("ben", "ls", "h\nl\n");
    Awaitility.await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              assertThat(mounts.shell(party.share("anna"), "ls -F")).isEqualTo("h\nl\n");
              assertThat(mounts.shell(party.share("ben"), "ls -F"))
                  .contains("l\n")
                  .doesNotContain("@");
            });
  }

  @Test
  void whatOthersLinkIsReadHereAndLiesInTheShareThen() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    mounts.shell("anna", "echo text > f; ln -s f l");
    mounts.shell(party.share("anna"), "ln -s nowhere made-in-the-share");

    mounts.eventually("ben", "readlink made-in-the-share; cat l", "nowhere\ntext\n");

    Awaitility.await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(mounts.shell(party.share("ben"), "readlink l made-in-the-share"))
                    .isEqualTo("f\nnowhere\n"));
    assertThat(mounts.shell(party.share("anna"), "readlink l")).isEqualTo("f\n");
  }

  @Test
  void treesWithLinksAreCopiedInAndOut() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    var source = Files.createDirectory(folder.resolve("source"));
    mounts.shell(
        source,
        "mkdir -p a/b; echo deep > a/b/f; ln -s a/b/f file; ln -s a dir; ln -s ../.. a/b/out;"
            + " ln -s /etc/hostname absolute; ln -s missing dangling; ln -s 'a name' 'with space';"
            + " touch -h -d @1000000000 file dangling");
    var look =
        "find . -mindepth 1 -printf '%y %p %l ' \\( -type d -printf '\\n' -o -printf '%T@\\n' \\)"
            + " | sort";
    var expected = mounts.shell(source, look);

    mounts.shell(
        "anna",
        "cp -a "
            + source
            + " copied; mkdir tarred; tar c --format=posix -C "
            + source
            + " . | tar x -C tarred");
    mounts.shell("anna", "cp -a copied again");

    for (var tree : List.of("copied", "tarred", "again")) {
      assertThat(mounts.shell("anna", "cd " + tree + "; " + look)).as(tree).isEqualTo(expected);
      mounts.eventually("ben", "cd " + tree + "; " + look, expected);
    }
    var out = Files.createDirectory(folder.resolve("out"));
    mounts.shell(
        "ben",
        "cp -a copied "
            + out
            + "; tar c --format=posix copied | tar x -C "
            + out
            + " --strip-components=1");
    assertThat(mounts.shell(out.resolve("copied"), look)).isEqualTo(expected);
    assertThat(mounts.shell(out, "rm -r copied; " + look)).isEqualTo(expected);
  }

  @Test
  void aRepositoryWithALinkIsClonedIntoTheMount() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/git")), "no git here");
    var environment = "export GIT_CONFIG_GLOBAL=/dev/null HOME=/nowhere;";
    mounts.shell(
        folder,
        environment
            + " git init -q -b main origin; cd origin; git config user.name n;"
            + " git config user.email n@e; echo x > f; ln -s f link; git add .; git commit -qm one");

    mounts.shell("anna", environment + " git clone -q " + folder.resolve("origin") + " clone");
    assertThat(mounts.shell("anna", environment + " cd clone; cat link; git status --porcelain"))
        .isEqualTo("x\n");
    mounts.shell("anna", "cd clone; ln -sfn other link");
    assertThat(
            mounts.shell(
                "anna",
                environment + " cd clone; git diff --name-only; git checkout -q .; cat link"))
        .isEqualTo("link\nx\n");
  }

  @Test
  void ofAllWhoMakeALinkOneAloneSucceeds() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    var trying =
        """
        import os
        for i in range(40):
            try:
                os.symlink('%s', 'lock-%%d' %% i)
                print(i)
            except FileExistsError:
                pass
        """;

    var anna = mounts.program("anna", "/usr/bin/python3", "-c", trying.formatted("anna"));
    var ben = mounts.program("ben", "/usr/bin/python3", "-c", trying.formatted("ben"));
    var made = new ArrayList<>(Mounts.ended(anna).lines().toList());
    made.addAll(Mounts.ended(ben).lines().toList());

    assertThat(made).hasSize(40).doesNotHaveDuplicates();
    mounts.eventually("anna", "ls | wc -l", "40\n");
    mounts.eventually("ben", "ls | wc -l", "40\n");
    assertThat(mounts.shell("anna", "readlink lock-*"))
        .isEqualTo(mounts.shell("ben", "readlink lock-*"));
  }

  @Test
  void whatAnotherHasLockedIsBusyAndWithoutADirectoryNoLinkIsMade() throws Exception {
    mounts.up("ben", "--open", "--join", founder, "--write-timeout", "1s");
    party.ask("anna", "lock", Map.of("name", "held"));
    var making =
        """
        import errno, os
        try:
            os.symlink('target', '%s')
            print('done')
        except OSError as e:
            print(errno.errorcode[e.errno])
        """;

    assertThat(mounts.python("ben", making.formatted("held"))).isEqualTo("EBUSY");
    party.ask("anna", "unlock", Map.of("name", "held"));
    assertThat(mounts.python("ben", making.formatted("held"))).isEqualTo("done");
    party.kill("anna");
    Awaitility.await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(party.ask("ben", "status", Map.of()).at("/directory/state").asString(""))
                    .isEqualTo("away"));
    assertThat(mounts.python("ben", making.formatted("alone"))).isEqualTo("EROFS");
    assertThat(mounts.shell("ben", "readlink held; ls")).isEqualTo("target\nheld\n");
  }

  @Test
  void everyLinkThatWasMadeOutlivesAKill() throws Exception {
    for (int round = 0; round < 2; round++) {
      var writer =
          mounts.program(
              "anna",
              "/usr/bin/python3",
              "-c",
              """
              import itertools, os
              for n in itertools.count():
                  os.symlink('to-%%d' %% n, 'l%d-%%d' %% n)
                  print('l%d-%%d' %% n, flush=True)
              """
                  .formatted(round, round));
      var said = writer.inputReader(UTF_8);
      List<String> made = new ArrayList<>();
      for (int left = 30; left > 0; left--) {
        made.add(said.readLine());
      }
      party.kill("anna");
      mounts.up("anna"); // Programs may hang in the mount until then.
      said.lines().filter(line -> line.matches("l\\d+-\\d+")).forEach(made::add);

      for (var link : made) {
        var target = "to-" + link.substring(link.indexOf('-') + 1);
        Awaitility.await()
            .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
            .untilAsserted(
                () ->
                    assertThat(mounts.shell("anna", "readlink " + link)).isEqualTo(target + "\n"));
        assertThat(Files.readSymbolicLink(party.share("anna").resolve(link)))
            .isEqualTo(Path.of(target));
      }
      Awaitility.await()
          .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
          .untilAsserted(
              () ->
                  assertThat(party.share("anna").resolve(".potluck/prepared")).isEmptyDirectory());
    }
  }
}
