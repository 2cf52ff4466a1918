package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// A bulk port with a member's certificate that answers as it likes: raw HTTP, no code of the
/// product's server.
final class LyingPort implements AutoCloseable {
  private static final int ID_BYTES = 40;
  private static final String EXCHANGE = "/exchange/";

  /// A message with a bitmap, which lets the other side in.
  private static final int BITMAP_AND_ACCEPTS = 2 | 4;

  private final SSLServerSocket listening;
  private final Map<String, Offer> offers = new ConcurrentHashMap<>();

  /// What is offered under a content id, and how it is lied about.
  @SuppressWarnings("ArrayRecordComponent") // never changed
  private record Offer(byte[] bytes, byte[] layer, Lie lie) {}

  @SuppressWarnings("ArrayRecordComponent") // never changed
  private record Request(String path, long from, long to, byte[] body) {}

  /// @param identity a folder with `identity.key` and `identity.pem`
  LyingPort(Path identity) throws IOException, GeneralSecurityException {
    listening = (SSLServerSocket) context(identity).getServerSocketFactory().createServerSocket(0);
    Thread.ofVirtual().name("lying-port").start(this::accept);
  }

  private static SSLContext context(Path identity) throws IOException, GeneralSecurityException {
    var pem = Files.readString(identity.resolve("identity.key"));
    var key =
        KeyFactory.getInstance("EC")
            .generatePrivate(
                new PKCS8EncodedKeySpec(
                    Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""))));
    Certificate[] chain;
    try (var in = Files.newInputStream(identity.resolve("identity.pem"))) {
      chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(Certificate[]::new);
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("liar", key, new char[0], chain);
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  int port() {
    return listening.getLocalPort();
  }

  void offer(ContentId content, byte[] bytes, PieceLayer layer, Lie lie) {
    offers.put(content.toString(), new Offer(bytes, layer.bytes(), lie));
  }

  private void accept() {
    try {
      while (true) {
        var socket = (SSLSocket) listening.accept();
        Thread.ofVirtual().name("liar").start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        var request = request(line, in);
        answer(request, out);
        out.flush();
        if (request.path.startsWith(EXCHANGE)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      // Who was lied to hangs up.
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(ISO_8859_1).strip();
  }

  private static Request request(String first, InputStream in) throws IOException {
    long from = 0;
    long to = -1;
    var length = 0;
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      var colon = header.indexOf(':');
      var value = header.substring(colon + 1).strip();
      switch (header.substring(0, colon).toLowerCase(java.util.Locale.ROOT)) {
        case "content-length" -> length = Integer.parseInt(value);
        case "range" -> {
          var ends = value.substring("bytes=".length()).split("-", -1);
          from = Long.parseLong(ends[0]);
          to = Long.parseLong(ends[1]);
        }
        default -> {}
      }
    }
    return new Request(first.split(" ", -1)[1], from, to, in.readNBytes(length));
  }

  private void answer(Request request, OutputStream out) throws IOException {
    if (request.path.equals("/batch")) {
      var body = batch(request.body);
      out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
      out.write((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
      out.write(body);
      out.write("\r\n0\r\n\r\n".getBytes(ISO_8859_1));
      return;
    }
    if (request.path.startsWith(EXCHANGE)) {
      exchange(ContentId.parse(request.path.substring(EXCHANGE.length())), out);
      return;
    }
    var offer = offers.get(request.path.substring(request.path.lastIndexOf('/') + 1));
    if (offer == null) {
      respond(out, 404, new byte[0]);
    } else if (request.path.startsWith("/layer/")) {
      respond(out, 200, layer(offer));
    } else {
      respond(out, 206, range(offer, (int) request.from, (int) request.to + 1));
    }
  }

  private static byte[] layer(Offer offer) {
    var layer = offer.layer.clone();
    if (offer.lie == Lie.LAYER) {
      layer[0] ^= 1;
    }
    return offer.lie == Lie.LAYER_LENGTH ? Arrays.copyOf(layer, layer.length - 32) : layer;
  }

  /// Says to have every piece, and lets everyone in.
  private static void exchange(ContentId content, OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 101 As said\r\nConnection: upgrade\r\nUpgrade: potluck-exchange\r\n\r\n"
            .getBytes(ISO_8859_1));
    var bitmap = PieceSet.all(content.pieces().count()).toBytes();
    var frame = new ByteArrayOutputStream();
    frame.write(BITMAP_AND_ACCEPTS);
    for (var left = bitmap.length; left > 0; left >>= 7) {
      frame.write(left > 0x7f ? (left & 0x7f) | 0x80 : left);
    }
    frame.write(bitmap);
    new DataOutputStream(out).writeInt(frame.size());
    frame.writeTo(out);
  }

  /// What is asked for beyond the bytes there are is made up.
  private static byte[] range(Offer offer, int from, int to) {
    var bytes =
        from < offer.bytes.length ? Arrays.copyOfRange(offer.bytes, from, to) : new byte[to - from];
    return switch (offer.lie) {
      case NONE -> bytes;
      case LENGTH -> Arrays.copyOf(bytes, bytes.length - 1);
      default -> damaged(bytes);
    };
  }

  private static byte[] damaged(byte[] bytes) {
    if (bytes.length > 0) {
      bytes[bytes.length / 2] ^= 1;
    }
    return bytes;
  }

  private byte[] batch(byte[] ids) throws IOException {
    var frames = new ByteArrayOutputStream();
    var out = new DataOutputStream(frames);
    for (var at = 0; at < ids.length; at += ID_BYTES) {
      var root = java.util.HexFormat.of().formatHex(ids, at, at + 32);
      var offer = offers.get(root + "-" + ByteBuffer.wrap(ids).getLong(at + 32));
      if (offer == null) {
        out.write(1);
        out.writeInt(0);
        continue;
      }
      switch (offer.lie) {
        case NONE -> frame(out, 0, offer.bytes);
        case FRAME_LENGTH -> frame(out, 0, Arrays.copyOf(offer.bytes, offer.bytes.length + 1));
        case FRAME_STATUS -> frame(out, 77, offer.bytes);
        case FRAMES_MISSING -> {
          return frames.toByteArray();
        }
        case FRAME_COUNT -> {
          frame(out, 0, offer.bytes);
          if (at + ID_BYTES == ids.length) {
            frame(out, 0, offer.bytes);
          }
        }
        default -> frame(out, 0, damaged(offer.bytes.clone()));
      }
    }
    return frames.toByteArray();
  }

  private static void frame(DataOutputStream out, int status, byte[] bytes) throws IOException {
    out.write(status);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void respond(OutputStream out, int status, byte[] body) throws IOException {
    var head = "HTTP/1.1 " + status + " As said\r\nContent-Length: " + body.length + "\r\n\r\n";
    out.write(head.getBytes(ISO_8859_1));
    out.write(body);
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
