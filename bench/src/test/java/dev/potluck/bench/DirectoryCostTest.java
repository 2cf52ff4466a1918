package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.directory.Fact;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectoryCostTest {
  @Test
  void factsComeInPartsAndTheLastIsEmpty() {
    List<List<Fact>> parts = new ArrayList<>();

    DirectoryCost.facts(2_500, 0, 1).forEach(parts::add);

    assertThat(parts).extracting(List::size).containsExactly(1_000, 1_000, 500, 0);
    assertThat(parts.stream().flatMap(List::stream).map(Fact::name)).doesNotHaveDuplicates();
  }

  @Test
  void everyTenthFactIsATenthOfThem() {
    List<Fact> some = new ArrayList<>();

    DirectoryCost.facts(100, 3, 10).forEach(some::addAll);

    assertThat(some).hasSize(10).contains(DirectoryCost.fact(3), DirectoryCost.fact(93));
  }

  @Test
  void aSmallDirectoryIsWeighed() {
    var cost = DirectoryCost.of(5_000, 20);

    assertThat(cost.learned()).isPositive();
    assertThat(cost.finds()).isPositive();
  }
}
