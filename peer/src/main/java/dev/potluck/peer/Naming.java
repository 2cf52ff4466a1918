package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import java.util.Optional;

/// What local paths are called in the party, and where names lie in the share, unless the database
/// recorded otherwise, which wins.
///
/// Without a prefix path and name are the same. With prefix `P` this share's own file `p` is called
/// `P/p`. A name from elsewhere that starts with `P/` lies at the rest of it, any other at the name
/// itself; if a file of another name lies there, at `from-party/<name>`.
record Naming(Optional<Name> prefix) {
  private static final String DETOUR = "from-party/";

  /// @throws UsageException if what the path would be called is not a name; the message says why
  Name nameOf(String path) {
    return prefix.isPresent() ? prefix.get().resolve(path) : Name.of(path);
  }

  String pathOf(Name name) {
    if (prefix.isPresent() && name.isIn(prefix.get()) && !name.equals(prefix.get())) {
      return name.value().substring(prefix.get().value().length() + 1);
    }
    return name.value();
  }

  /// Where a name lies if another name's file is at its path.
  String detourOf(Name name) {
    return DETOUR + name.value();
  }
}
