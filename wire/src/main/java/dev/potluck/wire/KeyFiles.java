package dev.potluck.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// Keys and certificates as PEM files, readable by their owner only, replaced in one step and
/// durable when written.
final class KeyFiles {
  private static final int FILE_BYTES_MAX = 64 << 10;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private KeyFiles() {}

  static void writeKey(Path file, PrivateKey key) throws IOException {
    write(file, pem(key));
  }

  static String pem(PrivateKey key) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN "
        + PRIVATE_KEY
        + "-----\n"
        + base64
        + "\n-----END "
        + PRIVATE_KEY
        + "-----\n";
  }

  /// Writes a file of mode 0600 in one step; durable on return.
  static void write(Path file, String text) throws IOException {
    Path folder = file.resolveSibling("").toAbsolutePath();
    Files.createDirectories(folder);
    Path temporary = folder.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(temporary, options, owner)) {
      ByteBuffer bytes = US_ASCII.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// A key with its public half, which is derived: only the private key is stored.
  static KeyPair readKeys(Path file) throws IOException {
    List<byte[]> blocks = blocks(file, PRIVATE_KEY);
    if (blocks.size() != 1) {
      throw new IOException(file + " does not hold one private key");
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst()));
      return PublicHalf.of(key);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " does not hold a P-256 key", e);
    }
  }

  static List<X509Certificate> readCertificates(Path file) throws IOException {
    return blocks(file, CERTIFICATE).stream().map(Credential::certificate).toList();
  }

  /// @param what the text is, for messages
  static List<X509Certificate> certificates(String text, String what) throws IOException {
    return blocks(text, CERTIFICATE, what).stream().map(Credential::certificate).toList();
  }

  private static List<byte[]> blocks(Path file, String kind) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " is too long");
    }
    return blocks(Files.readString(file, US_ASCII), kind, file.toString());
  }

  private static List<byte[]> blocks(String text, String kind, String what) throws IOException {
    String begin = "-----BEGIN " + kind + "-----";
    String end = "-----END " + kind + "-----";
    List<byte[]> blocks = new ArrayList<>();
    for (int from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from)) {
      int to = text.indexOf(end, from);
      if (to < 0) {
        throw new IOException(what + " is cut off");
      }
      try {
        blocks.add(Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to)));
      } catch (IllegalArgumentException e) {
        throw new IOException(what + " is damaged", e);
      }
      from = to;
    }
    return blocks;
  }
}
