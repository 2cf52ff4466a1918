package dev.potluck.fuse;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Requests about open files.
final class FileOperations {
  private static final int RELEASE_FLOCK_UNLOCK = 1 << 1;
  private static final int READ_LOCKOWNER = 1 << 1;
  private static final int WRITE_LOCKOWNER = 1 << 1;
  private static final int FSYNC_FDATASYNC = 1;
  private static final int LK_FLOCK = 1;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /// The most that the answer of COPY_FILE_RANGE can say, in whole pages.
  private static final long COPY_MAX = 0x7fff_f000L;

  private final FileSystem files;
  private final OpenModes modes;

  FileOperations(FileSystem files, OpenModes modes) {
    this.files = files;
    this.modes = modes;
  }

  void open(Request request) throws IOException, InterruptedException {
    OpenIn in = OpenIn.read(request.in(), InHeader.BYTES);
    long node = request.node();
    Opened opened = files.open(request, node, in.flags());
    modes.enter(node, opened).write(request.out(OpenOut.BYTES), OutHeader.BYTES);
    if (!request.answer(OpenOut.BYTES)) {
      // The caller was gone already: nobody will release it.
      modes.leave(node);
      files.release(request, node, opened.handle(), false);
    }
  }

  void create(Request request, boolean named) throws IOException, InterruptedException {
    CreateIn in = CreateIn.read(request.in(), InHeader.BYTES);
    long parent = request.node();
    Created created =
        named
            ? files.create(
                request, parent, request.names(CreateIn.BYTES).next(), in.mode(), in.flags())
            : files.tmpfile(request, parent, in.mode(), in.flags());
    long node = created.entry().node();
    MemorySegment out = request.out(EntryOut.BYTES + OpenOut.BYTES);
    EntryOut.write(out, OutHeader.BYTES, created.entry());
    modes.enter(node, created.opened()).write(out, OutHeader.BYTES + EntryOut.BYTES);
    if (!request.answer(EntryOut.BYTES + OpenOut.BYTES)) {
      modes.leave(node);
      files.release(request, node, created.opened().handle(), false);
      files.forget(node, 1);
    }
  }

  void read(Request request) throws IOException, InterruptedException {
    ReadIn in = ReadIn.read(request.in(), InHeader.BYTES);
    request.file((in.readFlags() & READ_LOCKOWNER) != 0 ? in.lockOwner() : 0, in.flags());
    int size = Math.clamp(Integer.toUnsignedLong(in.size()), 0, Handshake.MAX_BYTES);
    MemorySegment data = files.read(request, request.node(), in.fh(), in.offset(), size);
    request.answerData(data.byteSize() > size ? data.asSlice(0, size) : data);
  }

  void write(Request request) throws IOException, InterruptedException {
    WriteIn in = WriteIn.read(request.in(), InHeader.BYTES);
    request.file((in.writeFlags() & WRITE_LOCKOWNER) != 0 ? in.lockOwner() : 0, in.flags());
    MemorySegment data =
        request
            .in()
            .asSlice(InHeader.BYTES + WriteIn.BYTES, Integer.toUnsignedLong(in.size()))
            .asReadOnly();
    int taken = files.write(request, request.node(), in.fh(), in.offset(), data);
    new WriteOut(taken).write(request.out(WriteOut.BYTES), OutHeader.BYTES);
    request.answer(WriteOut.BYTES);
  }

  void flush(Request request) throws IOException, InterruptedException {
    FlushIn in = FlushIn.read(request.in(), InHeader.BYTES);
    request.file(in.lockOwner(), 0);
    files.flush(request, request.node(), in.fh());
    request.answer(0);
  }

  void release(Request request) throws IOException, InterruptedException {
    ReleaseIn in = ReleaseIn.read(request.in(), InHeader.BYTES);
    request.file(in.lockOwner(), in.flags());
    // Before anybody can open it again and be told a mode that has gone.
    modes.leave(request.node());
    files.release(
        request, request.node(), in.fh(), (in.releaseFlags() & RELEASE_FLOCK_UNLOCK) != 0);
    request.answer(0);
  }

  void fsync(Request request) throws IOException, InterruptedException {
    FsyncIn in = FsyncIn.read(request.in(), InHeader.BYTES);
    files.fsync(request, request.node(), in.fh(), (in.fsyncFlags() & FSYNC_FDATASYNC) != 0);
    request.answer(0);
  }

  void fallocate(Request request) throws IOException, InterruptedException {
    FallocateIn in = FallocateIn.read(request.in(), InHeader.BYTES);
    files.fallocate(request, request.node(), in.fh(), in.offset(), in.length(), in.mode());
    request.answer(0);
  }

  void lseek(Request request) throws IOException, InterruptedException {
    LseekIn in = LseekIn.read(request.in(), InHeader.BYTES);
    if (in.whence() != SEEK_DATA && in.whence() != SEEK_HOLE) {
      throw new ErrnoException(Errno.EINVAL);
    }
    boolean hole = in.whence() == SEEK_HOLE;
    long found = files.lseek(request, request.node(), in.fh(), in.offset(), hole);
    new LseekOut(found).write(request.out(LseekOut.BYTES), OutHeader.BYTES);
    request.answer(LseekOut.BYTES);
  }

  void copyFileRange(Request request, boolean wide) throws IOException, InterruptedException {
    CopyFileRangeIn in = CopyFileRangeIn.read(request.in(), InHeader.BYTES);
    if (in.flags() != 0) {
      throw new ErrnoException(Errno.EINVAL);
    }
    long copied =
        files.copyFileRange(
            request,
            new FileRange(request.node(), in.fhIn(), in.offIn()),
            new FileRange(in.nodeidOut(), in.fhOut(), in.offOut()),
            wide ? in.len() : Math.min(in.len(), COPY_MAX));
    if (wide) {
      new CopyFileRangeOut(copied).write(request.out(CopyFileRangeOut.BYTES), OutHeader.BYTES);
      request.answer(CopyFileRangeOut.BYTES);
    } else {
      new WriteOut((int) copied).write(request.out(WriteOut.BYTES), OutHeader.BYTES);
      request.answer(WriteOut.BYTES);
    }
  }

  void getlk(Request request) throws IOException, InterruptedException {
    LkIn in = LkIn.read(request.in(), InHeader.BYTES);
    RecordLock wanted = RecordLock.of(in);
    FileLockOut out =
        files
            .getlk(request, request.node(), in.fh(), in.owner(), wanted)
            .map(RecordLock::toOut)
            .orElse(
                new RecordLock(wanted.start(), wanted.end(), RecordLock.Type.UNLOCKED, 0).toOut());
    out.write(request.out(FileLockOut.BYTES), OutHeader.BYTES);
    request.answer(FileLockOut.BYTES);
  }

  void setlk(Request request, boolean wait) throws IOException, InterruptedException {
    LkIn in = LkIn.read(request.in(), InHeader.BYTES);
    boolean flock = (in.lkFlags() & LK_FLOCK) != 0;
    files.setlk(request, request.node(), in.fh(), in.owner(), RecordLock.of(in), flock, wait);
    request.answer(0);
  }

  void ioctl(Request request) throws IOException, InterruptedException {
    IoctlIn in = IoctlIn.read(request.in(), InHeader.BYTES);
    MemorySegment argument =
        request
            .in()
            .asSlice(InHeader.BYTES + IoctlIn.BYTES, Integer.toUnsignedLong(in.inSize()))
            .asReadOnly();
    IoctlResult result =
        files.ioctl(request, request.node(), in.fh(), in.cmd(), argument, in.outSize());
    byte[] output = result.output();
    if (Integer.compareUnsigned(output.length, in.outSize()) > 0) {
      throw new IllegalStateException("ioctl returns more than was asked for");
    }
    MemorySegment out = request.out(IoctlOut.BYTES + output.length);
    new IoctlOut(result.result(), 0, 0, 0).write(out, OutHeader.BYTES);
    MemorySegment.copy(
        MemorySegment.ofArray(output),
        0,
        out,
        OutHeader.BYTES + (long) IoctlOut.BYTES,
        output.length);
    request.answer(IoctlOut.BYTES + output.length);
  }
}
