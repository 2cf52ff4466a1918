package dev.potluck.doors;

import dev.potluck.directory.Holder;
import dev.potluck.fuse.Errno;
import dev.potluck.fuse.ErrnoException;
import dev.potluck.peer.PartyFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// What the mount says of a file in extended attributes, as text.
final class FileFacts {
  private static final String PREFIX = "user.potluck.";

  static final List<String> NAMES =
      List.of(
          PREFIX + "version",
          PREFIX + "root",
          PREFIX + "here",
          PREFIX + "holders",
          PREFIX + "policy");

  private final PartyFiles files;

  FileFacts(PartyFiles files) {
    this.files = files;
  }

  byte[] get(MountNode.File file, String name) throws ErrnoException {
    if (!NAMES.contains(name)) {
      throw new ErrnoException(Errno.ENODATA);
    }
    String value =
        switch (name.substring(PREFIX.length())) {
          case "version" -> Long.toString(file.version().number());
          case "root" -> file.version().content().root().toString();
          case "here" -> files.isHere(file.version()) ? "yes" : "no";
          case "holders" ->
              files.holders(file.name()).stream()
                  .map(Holder::name)
                  .sorted()
                  .collect(Collectors.joining(","));
          case "policy" -> "none";
          default -> throw new ErrnoException(Errno.ENODATA);
        };
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
