package dev.potluck.cli;

import io.cucumber.core.backend.ObjectFactory;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives all step classes of a scenario the same {@link Story}.
public final class StoryObjects implements ObjectFactory {
  private final Map<Class<?>, Object> steps = new HashMap<>();
  private @Nullable Story story;

  @Override
  public void start() {
    story = new Story();
  }

  @Override
  public void stop() {
    steps.clear();
    if (story != null) {
      story.close();
      story = null;
    }
  }

  @Override
  public boolean addClass(Class<?> glueClass) {
    return true;
  }

  @Override
  public <T> T getInstance(Class<T> type) {
    return type.cast(steps.computeIfAbsent(type, this::make));
  }

  private Object make(Class<?> type) {
    try {
      return type.getConstructor(Story.class).newInstance(story);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " needs a public constructor that takes a Story", e);
    }
  }
}
