package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tables of nodes, handles and mounts.
class TablesTest {
  @Test
  void aNodeLivesAsLongAsItsLookUps() throws ErrnoException {
    List<String> forgotten = new ArrayList<>();
    NodeTable<String> nodes = new NodeTable<>("root", forgotten::add);

    long first = nodes.lookup("a");
    assertThat(nodes.lookup("a")).isEqualTo(first);
    nodes.forget(first, 1);
    assertThat(nodes.get(first)).isEqualTo("a");
    nodes.forget(first, 1);

    assertThat(forgotten).containsExactly("a");
    assertThat(nodes.numberOf("a")).isZero();
    assertThatThrownBy(() -> nodes.get(first)).isInstanceOf(ErrnoException.class);
    assertThat(nodes.lookup("a")).as("no number twice").isNotEqualTo(first);
  }

  @Test
  void theRootIsNeverForgotten() throws ErrnoException {
    NodeTable<String> nodes = new NodeTable<>("root", _ -> {});

    nodes.forget(FileSystem.ROOT, Long.MAX_VALUE);

    assertThat(nodes.get(FileSystem.ROOT)).isEqualTo("root");
  }

  @Test
  void aHandleIsGoodUntilItIsRemoved() throws ErrnoException {
    HandleTable<String> handles = new HandleTable<>();
    long handle = handles.add("open");

    assertThat(handles.get(handle)).isEqualTo("open");
    assertThat(handles.remove(handle)).isEqualTo("open");
    assertThatThrownBy(() -> handles.get(handle))
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.is(Errno.EBADF)).isTrue());
  }

  @Test
  void theLastMountOnADirectoryIsTheOneThatIsSeen() {
    List<String> lines =
        List.of(
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "50 27 8:1 / /mnt/a\\040b rw - ext4 /dev/sda1 rw",
            "51 50 0:50 / /mnt/a\\040b rw,nosuid shared:1 master:2 - fuse.potluck pot\\011luck rw",
            "junk");

    assertThat(MountTable.at(Path.of("/mnt/a b"), lines))
        .contains(new MountTable.Mounted("0:50", "/mnt/a b", "fuse.potluck", "pot\tluck"));
    assertThat(MountTable.at(Path.of("/mnt/a"), lines)).isEmpty();
  }

  @Test
  void fusermountIsFoundOnThePathOrNowhere() {
    assertThat(Fusermount.find("relative:/nonexistent").stream())
        .allMatch(path -> path.startsWith("/"));
  }
}
