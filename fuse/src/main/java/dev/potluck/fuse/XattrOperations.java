package dev.potluck.fuse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Requests about extended attributes.
final class XattrOperations {
  private static final String USER = "user.";

  /// The structure of SETXATTR before `FUSE_SETXATTR_EXT`.
  private static final int SHORT_SETXATTR_BYTES = 8;

  private final FileSystem files;
  private final Features features;
  private final boolean userOnly;

  XattrOperations(FileSystem files, Features features, boolean userOnly) {
    this.files = files;
    this.features = features;
    this.userOnly = userOnly;
  }

  void get(Request request) throws IOException, InterruptedException {
    GetxattrIn in = GetxattrIn.read(request.in(), InHeader.BYTES);
    String name = name(request, GetxattrIn.BYTES);
    answer(request, in.size(), files.getxattr(request, request.node(), name));
  }

  void list(Request request) throws IOException, InterruptedException {
    GetxattrIn in = GetxattrIn.read(request.in(), InHeader.BYTES);
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (String name : files.listxattr(request, request.node())) {
      names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
      names.write(0);
    }
    answer(request, in.size(), names.toByteArray());
  }

  /// A caller who asks for nothing wants to know the size.
  private static void answer(Request request, int size, byte[] value) throws ErrnoException {
    if (size == 0) {
      new GetxattrOut(value.length).write(request.out(GetxattrOut.BYTES), OutHeader.BYTES);
      request.answer(GetxattrOut.BYTES);
    } else if (Integer.compareUnsigned(value.length, size) > 0) {
      throw new ErrnoException(Errno.ERANGE);
    } else {
      Strings.answer(request, value);
    }
  }

  void set(Request request) throws IOException, InterruptedException {
    boolean extended = features.has(Handshake.SETXATTR_EXT);
    int size = Abi.get32(request.in(), InHeader.BYTES);
    int flags = Abi.get32(request.in(), InHeader.BYTES + (long) Integer.BYTES);
    Names names = request.names(extended ? SetxattrIn.BYTES : SHORT_SETXATTR_BYTES);
    String name = permitted(names.next());
    byte[] value = request.in().asSlice(names.position(), size).toArray(ValueLayout.JAVA_BYTE);
    files.setxattr(request, request.node(), name, value, flags);
    request.answer(0);
  }

  void remove(Request request) throws IOException, InterruptedException {
    files.removexattr(request, request.node(), name(request, 0));
    request.answer(0);
  }

  private String name(Request request, int structureBytes) throws ErrnoException {
    return permitted(request.names(structureBytes).next());
  }

  private String permitted(String name) throws ErrnoException {
    if (userOnly && !name.startsWith(USER)) {
      throw new ErrnoException(Errno.EOPNOTSUPP);
    }
    return name;
  }
}
