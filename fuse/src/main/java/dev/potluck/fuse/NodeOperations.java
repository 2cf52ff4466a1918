package dev.potluck.fuse;

import java.io.IOException;
import java.util.OptionalLong;

/// Requests about nodes and names: what is read from a request, what is written as its answer.
final class NodeOperations {
  private static final int GETATTR_FH = 1;

  private final FileSystem files;

  NodeOperations(FileSystem files) {
    this.files = files;
  }

  void lookup(Request request) throws IOException, InterruptedException {
    String name;
    try {
      name = request.names(0).next();
    } catch (ErrnoException _) {
      throw new ErrnoException(Errno.ENOENT); // nothing here is called so
    }
    answer(request, files.lookup(request, request.node(), name));
  }

  void getattr(Request request) throws IOException, InterruptedException {
    GetattrIn in = GetattrIn.read(request.in(), InHeader.BYTES);
    answer(request, files.getattr(request, request.node(), handle(in.getattrFlags(), in.fh())));
  }

  void statx(Request request) throws IOException, InterruptedException {
    StatxIn in = StatxIn.read(request.in(), InHeader.BYTES);
    StatWithBirth stat = files.statx(request, request.node(), handle(in.getattrFlags(), in.fh()));
    StatxOut.write(request.out(StatxOut.BYTES), OutHeader.BYTES, stat);
    request.answer(StatxOut.BYTES);
  }

  private static OptionalLong handle(int flags, long handle) {
    return (flags & GETATTR_FH) != 0 ? OptionalLong.of(handle) : OptionalLong.empty();
  }

  void setattr(Request request) throws IOException, InterruptedException {
    AttributeChange change = AttributeChange.of(SetattrIn.read(request.in(), InHeader.BYTES));
    answer(request, files.setattr(request, request.node(), change));
  }

  void readlink(Request request) throws IOException, InterruptedException {
    Strings.answer(request, files.readlink(request, request.node()));
  }

  void symlink(Request request) throws IOException, InterruptedException {
    Names names = request.names(0);
    String name = names.next();
    byte[] target = names.nextBytes();
    answer(request, files.symlink(request, request.node(), name, target));
  }

  void mknod(Request request) throws IOException, InterruptedException {
    MknodIn in = MknodIn.read(request.in(), InHeader.BYTES);
    String name = request.names(MknodIn.BYTES).next();
    answer(request, files.mknod(request, request.node(), name, in.mode(), in.rdev()));
  }

  void mkdir(Request request) throws IOException, InterruptedException {
    MkdirIn in = MkdirIn.read(request.in(), InHeader.BYTES);
    String name = request.names(MkdirIn.BYTES).next();
    answer(request, files.mkdir(request, request.node(), name, in.mode()));
  }

  void unlink(Request request) throws IOException, InterruptedException {
    files.unlink(request, request.node(), request.names(0).next());
    request.answer(0);
  }

  void rmdir(Request request) throws IOException, InterruptedException {
    files.rmdir(request, request.node(), request.names(0).next());
    request.answer(0);
  }

  void rename(Request request) throws IOException, InterruptedException {
    RenameIn in = RenameIn.read(request.in(), InHeader.BYTES);
    rename(request, request.names(RenameIn.BYTES), in.newdir(), 0);
  }

  void rename2(Request request) throws IOException, InterruptedException {
    Rename2In in = Rename2In.read(request.in(), InHeader.BYTES);
    rename(request, request.names(Rename2In.BYTES), in.newdir(), in.flags());
  }

  private void rename(Request request, Names names, long newParent, int flags)
      throws IOException, InterruptedException {
    String name = names.next();
    String newName = names.next();
    files.rename(request, request.node(), name, newParent, newName, flags);
    request.answer(0);
  }

  void link(Request request) throws IOException, InterruptedException {
    LinkIn in = LinkIn.read(request.in(), InHeader.BYTES);
    String name = request.names(LinkIn.BYTES).next();
    answer(request, files.link(request, in.oldnodeid(), request.node(), name));
  }

  void access(Request request) throws IOException, InterruptedException {
    files.access(request, request.node(), AccessIn.read(request.in(), InHeader.BYTES).mask());
    request.answer(0);
  }

  void statfs(Request request) throws IOException, InterruptedException {
    Kstatfs out = files.statfs(request, request.node()).toOut();
    out.write(request.out(Kstatfs.BYTES), OutHeader.BYTES);
    request.answer(Kstatfs.BYTES);
  }

  void syncfs(Request request) throws IOException, InterruptedException {
    files.syncfs(request, request.node());
    request.answer(0);
  }

  private void answer(Request request, Entry entry) {
    EntryOut.write(request.out(EntryOut.BYTES), OutHeader.BYTES, entry);
    if (!request.answer(EntryOut.BYTES) && entry.node() != 0) {
      // The caller was gone already: the kernel has not counted this look-up.
      files.forget(entry.node(), 1);
    }
  }

  private static void answer(Request request, Stat stat) {
    AttrOut.write(request.out(AttrOut.BYTES), OutHeader.BYTES, stat.attributes(), stat.valid());
    request.answer(AttrOut.BYTES);
  }
}
