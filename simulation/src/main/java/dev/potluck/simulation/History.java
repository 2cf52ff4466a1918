package dev.potluck.simulation;

import java.util.List;

/// All that was asked of a party and answered, and what its machines think of it in the end.
public record History(List<Operation> operations, List<View> views) {
  public History {
    operations = List.copyOf(operations);
    views = List.copyOf(views);
  }

  public History(List<Operation> operations) {
    this(operations, List.of());
  }
}
