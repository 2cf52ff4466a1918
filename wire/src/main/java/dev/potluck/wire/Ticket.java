package dev.potluck.wire;

import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// One opaque string that lets one machine in: where to go, whom to trust there, and a secret that
/// only the party's authority could have made. The secret never travels: what is sent is a proof
/// over the certificate request, made with it.
///
/// Text: `potluck1` and base64url of: count and addresses (length, host, port), 32 bytes of the
/// authority's fingerprint, 16 of the id, 8 of expiry in seconds since 1970, 16 of the secret, and
/// 4 of SHA-256 over all before, against typing errors.
///
/// @param authority fingerprint, 64 hexadecimal digits
/// @param id 32 hexadecimal digits
/// @param secret 32 hexadecimal digits
public record Ticket(
    List<Endpoint> addresses, String authority, String id, Instant expires, String secret) {
  public static final String PREFIX = "potluck1";
  static final int ID_BYTES = 16;
  static final int SECRET_BYTES = 16;
  private static final int FINGERPRINT_BYTES = 32;
  private static final int CHECK_BYTES = 4;
  private static final int TEXT_LENGTH_MAX = 8_192;

  public Ticket {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > WireLimits.ADDRESSES) {
      throw new IllegalArgumentException(
          "a ticket has 1 to " + WireLimits.ADDRESSES + " addresses");
    }
    requireHex(authority, FINGERPRINT_BYTES);
    requireHex(id, ID_BYTES);
    requireHex(secret, SECRET_BYTES);
  }

  /// Whether a text is meant as a ticket, and not as an address.
  public static boolean looksLikeTicket(String text) {
    return text.startsWith(PREFIX) && text.indexOf(':') < 0;
  }

  /// Reads the form of {@link #encode}.
  ///
  /// @throws UsageException if the text is no ticket, or cut off, or mistyped
  public static Ticket parse(String text) {
    if (!text.startsWith(PREFIX) || text.length() > TEXT_LENGTH_MAX) {
      throw new UsageException("not a ticket: it does not begin with " + PREFIX);
    }
    try {
      byte[] all = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
      int length = all.length - CHECK_BYTES;
      // The last character has bits that mean nothing: also they are as they were.
      boolean asWritten =
          text.equals(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all));
      if (length < 0
          || !asWritten
          || !Arrays.equals(all, length, all.length, check(all, length), 0, CHECK_BYTES)) {
        throw new UsageException("not a ticket: it is cut off or mistyped");
      }
      return read(ByteBuffer.wrap(all, 0, length));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new UsageException("not a ticket: it is cut off or mistyped", e);
    }
  }

  private static Ticket read(ByteBuffer in) {
    int count = in.get() & 0xff;
    if (count > WireLimits.ADDRESSES) {
      throw new UsageException("not a ticket: too many addresses");
    }
    List<Endpoint> addresses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String host = new String(bytes(in, in.get() & 0xff), StandardCharsets.UTF_8);
      addresses.add(new Endpoint(host, in.getShort() & 0xffff));
    }
    String authority = HexFormat.of().formatHex(bytes(in, FINGERPRINT_BYTES));
    String id = HexFormat.of().formatHex(bytes(in, ID_BYTES));
    Instant expires = Instant.ofEpochSecond(Math.clamp(in.getLong(), 0, Integer.MAX_VALUE * 8L));
    return new Ticket(
        addresses, authority, id, expires, HexFormat.of().formatHex(bytes(in, SECRET_BYTES)));
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /// The string to hand to the machine that is to join.
  public String encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(addresses.size());
      for (Endpoint address : addresses) {
        byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
        out.writeByte(host.length);
        out.write(host);
        out.writeShort(address.port());
      }
      out.write(HexFormat.of().parseHex(authority));
      out.write(HexFormat.of().parseHex(id));
      out.writeLong(expires.getEpochSecond());
      out.write(HexFormat.of().parseHex(secret));
      out.write(check(bytes.toByteArray(), bytes.size()), 0, CHECK_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /// Proves that who made this request has the ticket.
  public Enrolment enrolment(CertificateRequest request) {
    return new Enrolment(id, expires, TicketSecrets.proof(secret, request), request);
  }

  private static byte[] check(byte[] bytes, int length) {
    return PeerKey.sha256(Arrays.copyOf(bytes, length));
  }

  private static void requireHex(String hex, int lengthBytes) {
    if (hex.length() != 2 * lengthBytes || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException("expected " + 2 * lengthBytes + " hexadecimal digits");
    }
  }

  /// Without the secret: tickets end up in logs.
  @Override
  public String toString() {
    return "ticket " + id + " of " + authority.substring(0, 8) + " at " + addresses;
  }
}
