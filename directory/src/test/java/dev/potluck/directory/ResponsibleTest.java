package dev.potluck.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who is responsible for a name.
class ResponsibleTest {
  private static final int NAMES = 10_000;

  private static List<PeerId> members(int count) {
    List<PeerId> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(PeerId.of("a".repeat(31) + (char) ('a' + i)));
    }
    return members;
  }

  private static Name name(int i) {
    return Name.of("folder/file-" + i);
  }

  @Test
  void everyMemberComesToTheSameWhateverTheOrderOfItsList() {
    List<PeerId> members = members(10);
    List<PeerId> reversed = new ArrayList<>(members);
    Collections.reverse(reversed);

    for (int i = 0; i < 100; i++) {
      List<PeerId> responsible = Responsible.forName(name(i), members, 3);

      assertThat(responsible).hasSize(3).doesNotHaveDuplicates();
      assertThat(Responsible.forName(name(i), reversed, 3)).isEqualTo(responsible);
    }
    assertThat(Responsible.forName(name(1), members(2), 3)).hasSize(2);
    assertThat(Responsible.forName(name(1), List.of(), 3)).isEmpty();
  }

  @Test
  void namesAreSpreadEvenly() {
    Map<PeerId, Integer> names = new HashMap<>();
    for (int i = 0; i < NAMES; i++) {
      names.merge(Responsible.forName(name(i), members(10), 1).getFirst(), 1, Integer::sum);
    }

    assertThat(names).hasSize(10);
    assertThat(names.values()).allSatisfy(share -> assertThat(share).isBetween(850, 1_150));
  }

  @Test
  void whenAMemberGoesOnlyItsOwnNamesPassToOthers() {
    List<PeerId> before = members(10);
    PeerId gone = before.get(3);
    List<PeerId> after = before.stream().filter(peer -> !peer.equals(gone)).toList();

    for (int i = 0; i < 1_000; i++) {
      PeerId first = Responsible.forName(name(i), before, 1).getFirst();
      if (!first.equals(gone)) {
        assertThat(Responsible.forName(name(i), after, 1)).containsExactly(first);
      }
    }
  }
}
