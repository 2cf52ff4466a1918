package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The party's files as one peer changes them. Thread-safe.
final class PeerEdits implements PartyEdits {
  private static final int FOLDER_MODE = 0755;

  private final Namespace namespace;
  private final Drafts drafts;
  private final NameEdits names;
  private final LinkEdits links;

  PeerEdits(Namespace namespace, Drafts drafts, NameEdits names, LinkEdits links) {
    this.namespace = namespace;
    this.drafts = drafts;
    this.names = names;
    this.links = links;
  }

  @Override
  public Optional<Draft> draft(String path) {
    return drafts.find(path);
  }

  @Override
  public List<Draft> draftsUnder(String folder) {
    return drafts.under(folder);
  }

  @Override
  public void watch(Consumer<Set<Name>> watcher) {
    drafts.watch(watcher);
  }

  @Override
  public void watchRebased(Consumer<Draft> watcher) {
    drafts.watchRebased(watcher);
  }

  @Override
  public Draft create(Name name, int mode) throws IOException, InterruptedException {
    return drafts.create(name, mode);
  }

  @Override
  public Draft edit(Name name) throws IOException, InterruptedException {
    return drafts.edit(name);
  }

  @Override
  public Version dress(Name name, Version version, Optional<Integer> mode, Optional<Instant> mtime)
      throws IOException, InterruptedException {
    boolean soon = !drafts.commits().waitsForParty() && version.kind() == Kind.FILE;
    if (soon && drafts.isHere(version)) {
      try (DraftHandle handle = drafts.edit(name).open(true)) {
        handle.draft().dress(mode, mtime);
        DraftShape now = handle.draft().shape();
        return version.withAttributes(now.mtime(), now.mode());
      }
    }
    return names.dress(
        name, version, mode.orElseGet(version::mode), mtime.orElseGet(version::mtime));
  }

  @Override
  public Version makeFolder(Name name, int mode) throws InterruptedException {
    return names.makeFolder(name, mode);
  }

  @Override
  public Version makeLink(Name name, byte[] target) throws IOException, InterruptedException {
    drafts.commits().awaitParty(name);
    if (drafts.find(name.value()).isPresent() || exists(name)) {
      throw new FileAlreadyExistsException(name.value());
    }
    return links.make(name, target);
  }

  @Override
  public void delete(Name name) throws InterruptedException {
    Optional<Draft> draft = drafts.find(name.value());
    keepFolderAbove(name);
    if (draft.isPresent()) {
      awaitPartyFor(draft.get());
      draft.get().remove();
    }
    if (draft.isEmpty() || !draft.get().isNew()) {
      names.delete(name);
    }
    draft.ifPresent(drafts::detach);
  }

  /// What is to become a version waits for the directory as long as any write does, not longer.
  private void awaitPartyFor(Draft draft) throws InterruptedException {
    if (draft.isPending()) {
      drafts.commits().awaitParty(draft.name());
    }
  }

  /// A folder does not go with the last file in it, if that is deleted by who sees folders.
  private void keepFolderAbove(Name name) throws InterruptedException {
    int slash = name.value().lastIndexOf('/');
    if (slash < 0) {
      return;
    }
    Name folder = Name.of(name.value().substring(0, slash));
    if (namespace.living(folder).isEmpty() && !namespace.hasBeside(name)) {
      var _ = names.makeFolder(folder, FOLDER_MODE);
    }
  }

  @Override
  public void deleteFolder(Name name) throws IOException, InterruptedException {
    if (isUsed(name)) {
      throw new DirectoryNotEmptyException(name.value());
    }
    keepFolderAbove(name);
    names.delete(name);
  }

  private boolean isUsed(Name folder) {
    return namespace.isFolder(folder.value()) || !drafts.under(folder.value()).isEmpty();
  }

  @Override
  public void rename(Name from, Name to, boolean replacing)
      throws IOException, InterruptedException {
    if (from.equals(to)) {
      return;
    }
    List<Draft> within = drafts.under(from.value());
    for (Draft draft : within) {
      draft.commit(true, true);
    }
    Optional<Draft> moved = drafts.find(from.value());
    if (moved.isPresent()) {
      moved.get().commit(true, true);
    }
    Optional<Draft> replaced = drafts.find(to.value());
    if (replaced.isPresent()) {
      awaitPartyFor(replaced.get());
      replaced.get().finish();
    }
    if (!replacing && (replaced.isPresent() || exists(to))) {
      throw new FileAlreadyExistsException(to.value());
    }
    if (replaced.isPresent() && replaced.get().isNew()) {
      replaced.get().remove();
      drafts.detach(replaced.get());
      replaced = Optional.empty();
    }
    keepFolderAbove(from);
    Version now = moved(from, to, moved, replaced);
    if (replaced.isPresent()) {
      replaced.get().remove();
      drafts.detach(replaced.get());
    }
    if (moved.isPresent()) {
      rename(moved.get(), to, now.number());
    }
    for (Draft draft : within) {
      Name name = Name.of(to + draft.name().value().substring(from.value().length()));
      rename(draft, name, namespace.entry(name).map(e -> e.version().number()).orElse(0L));
    }
  }

  private void rename(Draft draft, Name to, long number) throws InterruptedException {
    Name from = draft.name();
    draft.renamed(to, number);
    drafts.renamed(draft, from, to);
  }

  private boolean exists(Name name) {
    return namespace.living(name).isPresent() || namespace.isFolder(name.value());
  }

  private Version moved(Name from, Name to, Optional<Draft> moved, Optional<Draft> replaced)
      throws IOException, InterruptedException {
    Optional<Version> target =
        replaced.flatMap(Draft::base).or(() -> namespace.living(to).map(Entry::version));
    Optional<Version> source =
        moved.flatMap(Draft::base).or(() -> namespace.living(from).map(Entry::version));
    boolean folder = source.isEmpty() || source.get().kind() == Kind.FOLDER;
    if (source.isEmpty() && !namespace.isFolder(from.value())) {
      throw new NoSuchNameException("no such name: " + from);
    }
    if (namespace.isFolder(to.value())) {
      throw new DirectoryNotEmptyException(to.value());
    }
    if (target.isEmpty()) {
      return names.move(from, to);
    }
    if (folder) {
      names.delete(to);
      return names.move(from, to);
    }
    return names.moveOver(from, source.orElseThrow(), to, target.get());
  }

  @Override
  public void save(Name name) throws InterruptedException {
    Optional<Draft> draft = drafts.find(name.value());
    if (draft.isPresent()) {
      draft.get().commit(true, true);
    }
  }

  @Override
  public void sync() throws InterruptedException {
    for (Draft draft : drafts.under("")) {
      draft.commit(true, true);
    }
  }

  @Override
  public void end() {
    drafts.finishAll();
    drafts.commits().end();
  }
}
