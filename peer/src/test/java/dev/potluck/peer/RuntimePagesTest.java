package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RuntimePagesTest {
  @Test
  void onlyTheRuntimesFilesThatNothingWasWrittenToAreGivenBack() {
    List<String> smaps =
        """
        800001000-801cf3000 rw-p 00001000 fe:00 220 /a b/daemon.aot
        Anonymous:             0 kB
        801cf3000-803ec0000 r--p 01cf3000 fe:00 220 /a b/daemon.aot
        Size:              34612 kB
        Anonymous:             0 kB
        VmFlags: rd mr mw me
        7f0000000000-7f0000100000 r--p 00000000 fe:00 221 /jdk/lib/server/libjvm.so
        Anonymous:             4 kB
        7f0000100000-7f0000200000 r-xp 00100000 fe:00 221 /jdk/lib/server/libjvm.so
        Anonymous:             0 kB
        7f0000200000-7f0000300000 r--p 00000000 fe:00 222 /home/me/notes
        Anonymous:             0 kB
        7f0000300000-7f0000400000 r--p 00000000 00:00 0
        Anonymous:             0 kB
        """
            .lines()
            .toList();

    assertThat(RuntimePages.unchanged(smaps))
        .containsExactly(
            new RuntimePages.Mapping(0x801cf3000L, 0x21cd000),
            new RuntimePages.Mapping(0x7f0000100000L, 0x100000));
  }

  @Test
  void whatIsGivenBackIsThereWhenItIsNeeded() {
    RuntimePages.release();
    long afterRelease = RuntimePages.residentBytes();

    System.gc(); // much of the machine's code, and every class

    assertThat(afterRelease).isPositive();
    assertThat(RuntimePages.residentBytes()).isGreaterThanOrEqualTo(afterRelease);
  }
}
