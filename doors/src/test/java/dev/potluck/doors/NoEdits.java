package dev.potluck.doors;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.peer.Draft;
import dev.potluck.peer.PartyEdits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Nothing can be written: the directory is away.
final class NoEdits implements PartyEdits {
  @Override
  public Optional<Draft> draft(String path) {
    return Optional.empty();
  }

  @Override
  public List<Draft> draftsUnder(String folder) {
    return List.of();
  }

  @Override
  public void watch(Consumer<Set<Name>> watcher) {}

  @Override
  public void watchRebased(Consumer<Draft> watcher) {}

  @Override
  public Draft create(Name name, int mode) {
    throw away();
  }

  @Override
  public Draft edit(Name name) {
    throw away();
  }

  @Override
  public Version dress(
      Name name, Version version, Optional<Integer> mode, Optional<Instant> mtime) {
    throw away();
  }

  @Override
  public void save(Name name) {
    throw away();
  }

  @Override
  public Version makeFolder(Name name, int mode) {
    throw away();
  }

  @Override
  public Version makeLink(Name name, byte[] target) {
    throw away();
  }

  @Override
  public void delete(Name name) {
    throw away();
  }

  @Override
  public void deleteFolder(Name name) {
    throw away();
  }

  @Override
  public void rename(Name from, Name to, boolean replacing) {
    throw away();
  }

  @Override
  public void sync() {}

  @Override
  public void end() {}

  private static UnavailableException away() {
    return new UnavailableException("the directory is away");
  }
}
