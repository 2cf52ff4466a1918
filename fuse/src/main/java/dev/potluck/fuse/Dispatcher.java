package dev.potluck.fuse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Serves requests: every operation of the protocol has its line here, and every request leaves
/// with an answer, whatever a file system throws. Thread-safe.
final class Dispatcher {
  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

  private final NodeOperations nodes;
  private final FileOperations files;
  private final DirectoryOperations directories;
  private final XattrOperations xattrs;

  Dispatcher(FileSystem fileSystem, OpenModes modes, Features features, MountOptions options) {
    nodes = new NodeOperations(fileSystem);
    files = new FileOperations(fileSystem, modes);
    directories = new DirectoryOperations(fileSystem, features);
    xattrs = new XattrOperations(fileSystem, features, options.userXattrsOnly());
  }

  /// Serves a request on this thread, until it is answered.
  void serve(Opcode opcode, Request request) {
    try {
      perform(opcode, request);
      if (!request.isAnswered()) {
        throw new IllegalStateException("no answer");
      }
    } catch (Throwable e) { // a caller waits, whatever it is
      int errno = Errors.errno(e, request.header());
      if (!request.isAnswered()) {
        request.answerError(errno);
      }
    } finally {
      request.done();
    }
  }

  private void perform(Opcode opcode, Request request) throws IOException, InterruptedException {
    switch (opcode) {
      case LOOKUP -> nodes.lookup(request);
      case GETATTR -> nodes.getattr(request);
      case STATX -> nodes.statx(request);
      case SETATTR -> nodes.setattr(request);
      case READLINK -> nodes.readlink(request);
      case SYMLINK -> nodes.symlink(request);
      case MKNOD -> nodes.mknod(request);
      case MKDIR -> nodes.mkdir(request);
      case UNLINK -> nodes.unlink(request);
      case RMDIR -> nodes.rmdir(request);
      case RENAME -> nodes.rename(request);
      case RENAME2 -> nodes.rename2(request);
      case LINK -> nodes.link(request);
      case ACCESS -> nodes.access(request);
      case STATFS -> nodes.statfs(request);
      case SYNCFS -> nodes.syncfs(request);
      case OPEN -> files.open(request);
      case CREATE -> files.create(request, true);
      case TMPFILE -> files.create(request, false);
      case READ -> files.read(request);
      case WRITE -> files.write(request);
      case FLUSH -> files.flush(request);
      case RELEASE -> files.release(request);
      case FSYNC -> files.fsync(request);
      case FALLOCATE -> files.fallocate(request);
      case LSEEK -> files.lseek(request);
      case COPY_FILE_RANGE -> files.copyFileRange(request, false);
      case COPY_FILE_RANGE_64 -> files.copyFileRange(request, true);
      case GETLK -> files.getlk(request);
      case SETLK -> files.setlk(request, false);
      case SETLKW -> files.setlk(request, true);
      case IOCTL -> files.ioctl(request);
      case OPENDIR -> directories.opendir(request);
      case READDIR -> directories.readdir(request, false);
      case READDIRPLUS -> directories.readdir(request, true);
      case RELEASEDIR -> directories.releasedir(request);
      case FSYNCDIR -> directories.fsyncdir(request);
      case GETXATTR -> xattrs.get(request);
      case LISTXATTR -> xattrs.list(request);
      case SETXATTR -> xattrs.set(request);
      case REMOVEXATTR -> xattrs.remove(request);
      case DESTROY -> request.answer(0);
      // Files here are always ready, lie on no block device, and are not mapped by DAX.
      case POLL, BMAP, SETUPMAPPING, REMOVEMAPPING -> throw new ErrnoException(Errno.ENOSYS);
      // A second INIT; the others have no answer and never come here.
      case INIT, FORGET, BATCH_FORGET, INTERRUPT, NOTIFY_REPLY -> {
        LOG.log(Level.WARNING, "{0} out of place", opcode);
        throw new ErrnoException(Errno.EIO);
      }
    }
  }
}
