package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The party's files as a door changes them. What has returned can be seen in {@link PartyFiles},
/// or stands as a draft. Thread-safe.
///
/// Besides what is said at each, methods throw PotluckExceptions: ConflictException if somebody
/// else was faster, UnavailableException if the directory is away for too long,
/// NoSuchNameException.
public interface PartyEdits {
  /// The draft that stands for a path, if there is one: it is what programs here are to see.
  Optional<Draft> draft(String path);

  /// The drafts in a folder, however deep.
  ///
  /// @param folder without `/` at its end; empty: all
  List<Draft> draftsUnder(String folder);

  /// Has somebody told of names for which a draft does not stand any more. Must not block.
  void watch(Consumer<Set<Name>> watcher);

  /// Has somebody told of drafts that became another version, since others had made that. Must not
  /// block.
  void watchRebased(Consumer<Draft> watcher);

  /// Makes a new, empty file; it is a version when it is closed.
  ///
  /// @param mode permission bits
  /// @throws FileAlreadyExistsException if there is one
  Draft create(Name name, int mode) throws IOException, InterruptedException;

  /// The draft of a file, to be opened soon; makes one if there is none.
  Draft edit(Name name) throws IOException, InterruptedException;

  /// Gives a file or an empty folder other attributes, as its next version.
  ///
  /// @return the version it is now; with `--commit async`, as it will be
  Version dress(Name name, Version version, Optional<Integer> mode, Optional<Instant> mtime)
      throws IOException, InterruptedException;

  /// Makes a folder that is there also while nothing lies in it.
  ///
  /// @param mode permission bits
  Version makeFolder(Name name, int mode) throws InterruptedException;

  /// Makes a symlink.
  ///
  /// @param target what it leads to, 1 to 4,095 bytes
  /// @throws FileAlreadyExistsException if something has the name
  Version makeLink(Name name, byte[] target) throws IOException, InterruptedException;

  /// Deletes a file or a symlink.
  void delete(Name name) throws InterruptedException;

  /// Deletes an empty folder.
  ///
  /// @throws DirectoryNotEmptyException if it is not
  void deleteFolder(Name name) throws IOException, InterruptedException;

  /// Gives a file or a folder another name. A file replaces a file, a folder an empty folder.
  ///
  /// @param replacing whether it may
  /// @throws FileAlreadyExistsException if it may not, and something is there
  /// @throws DirectoryNotEmptyException if a folder with something in it is there
  void rename(Name from, Name to, boolean replacing) throws IOException, InterruptedException;

  /// Makes what was changed here of a name the party's, if there is anything; waits for that.
  void save(Name name) throws InterruptedException;

  /// Returns when nothing waits any more for the party to hear of it.
  void sync() throws InterruptedException;

  /// Nothing is written any more: what is committed from here on, and the directory is away, is
  /// kept beside at once.
  void end();
}
