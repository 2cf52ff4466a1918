package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `doctor` says of the kernel's short cut to local files.
final class PassthroughCheckTest {
  private static final String ROOT =
      "Name:\tjava\nCapPrm:\t0\nCapEff:\t000001ffffffffff\nCapBnd:\t0";
  private static final String ORDINARY = "CapPrm:\t000001ffffffffff\nCapEff:\t0000000000000000\n";
  private static final String MACHINE = "         0          0 4294967295\n";

  @ParameterizedTest
  @CsvSource({
    "6.9.0, OK",
    "6.18.44-fc-v669, OK",
    "7.0.0-rc1, OK",
    "6.8.12-amd64, OPTIONAL",
    "5.15.0, OPTIONAL",
    "?, OPTIONAL"
  })
  void kernelIsNewEnoughOrNot(String release, Check.State state) {
    var check = PassthroughCheck.of(release, ROOT, MACHINE);

    assertThat(check.state()).isEqualTo(state);
    assertThat(check.found()).isEqualTo("Linux " + release + ", CAP_SYS_ADMIN yes");
  }

  @Test
  void ordinaryUserIsToldThatTheMountWorksAllTheSame() {
    var check = PassthroughCheck.of("6.12.0", ORDINARY, MACHINE);

    assertThat(check.state()).isEqualTo(Check.State.OPTIONAL);
    assertThat(check.found()).isEqualTo("Linux 6.12.0, CAP_SYS_ADMIN no");
    assertThat(check.remedy()).contains("works without it", "Linux 6.9", "root");
  }

  @Test
  void rootOfAUserNamespaceIsNotRootForTheKernel() {
    var check = PassthroughCheck.of("6.12.0", ROOT, "0 1000 1\n");

    assertThat(check.found()).isEqualTo("Linux 6.12.0, CAP_SYS_ADMIN no");
  }

  @Test
  void whatCannotBeReadIsNotThere() {
    assertThat(PassthroughCheck.of("6.12.0", "", "").state()).isEqualTo(Check.State.OPTIONAL);
  }

  @Test
  void doctorSaysIt(@TempDir Path folder) {
    var stage = new Stage(folder);

    stage.run("doctor");

    assertThat(stage.out())
        .containsPattern("(ok|note) +FUSE passthrough +Linux \\S+, CAP_SYS_ADMIN (yes|no)");
  }
}
