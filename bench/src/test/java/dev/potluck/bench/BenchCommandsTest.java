package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.potluck.content.UsageException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BenchCommandsTest {
  private static final Set<String> KNOWN = new LinkedHashSet<>(List.of("single", "small", "swarm"));

  @Test
  void namesComeBeforeOptionsAndEachIsRunOnce() {
    var request = BenchCommands.Request.of(List.of("swarm", "single", "swarm", "-n", "3"), KNOWN);

    assertThat(request.names()).containsExactly("swarm", "single");
    assertThat(request.options()).containsExactly("-n", "3");
    assertThat(request.title(KNOWN)).isEqualTo("swarm-single");
  }

  @Test
  void allIsEveryOneInOrder() {
    var request = BenchCommands.Request.of(List.of("all"), KNOWN);

    assertThat(request.names()).containsExactly("single", "small", "swarm");
    assertThat(request.title(KNOWN)).isEqualTo("all");
  }

  @Test
  void unknownNamesAndNoneAreRefused() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> BenchCommands.Request.of(List.of("single", "nonsense"), KNOWN))
        .withMessageContaining("nonsense");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> BenchCommands.Request.of(List.of("-n", "3"), KNOWN));
  }
}
