package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.List;

/// Looks at a share that is about to join a party for the first time: two home folders should not
/// be mixed by accident.
final class FirstJoin {
  private static final int CLASHES_MAX = 20;

  private FirstJoin() {}

  /// @throws ConflictException if more than 20 of the share's names are something else in the party
  static void check(List<LocalFile> files, Namespace namespace) {
    List<Name> clashes = new ArrayList<>();
    for (LocalFile file : files) {
      if (file.base() == 0 && clashes(file, namespace)) {
        clashes.add(file.name());
      }
    }
    if (clashes.size() > CLASHES_MAX) {
      StringBuilder message =
          new StringBuilder()
              .append(clashes.size())
              .append(" files of this folder have names that are taken in the party:");
      clashes.stream()
          .limit(CLASHES_MAX)
          .forEach(name -> message.append("\n  ").append(name.value()));
      message.append("\n  …\ngive them a folder of their own with --prefix NAME, or keep them");
      message.append(" beside the party's with --accept-conflicts");
      throw new ConflictException(message.toString());
    }
  }

  private static boolean clashes(LocalFile file, Namespace namespace) {
    Name name = file.name();
    boolean other =
        namespace.living(name).filter(entry -> !file.holds(entry.version())).isPresent();
    return other || !namespace.list(name.value() + "/").isEmpty() || isUnderAFile(name, namespace);
  }

  private static boolean isUnderAFile(Name name, Namespace namespace) {
    String text = name.value();
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
      Name above = Name.of(text.substring(0, slash));
      if (namespace.living(above).filter(e -> e.version().kind() != Kind.FOLDER).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
