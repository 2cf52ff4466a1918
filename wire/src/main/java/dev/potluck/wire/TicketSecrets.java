package dev.potluck.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// How a ticket authenticates itself: its secret is an HMAC-SHA256 over its id and expiry under a
/// key derived from the authority's, so the authority keeps no list of the tickets it gave out.
final class TicketSecrets {
  private TicketSecrets() {}

  /// The authority's key for tickets.
  static byte[] keyOf(byte[] authorityPrivateKey) {
    return mac(authorityPrivateKey, "potluck ticket key 1".getBytes(StandardCharsets.US_ASCII));
  }

  /// The secret of a ticket, 32 hexadecimal digits.
  static String secret(byte[] ticketKey, String id, Instant expires) {
    String what = id + "@" + expires.getEpochSecond();
    byte[] mac = mac(ticketKey, what.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(Arrays.copyOf(mac, Ticket.SECRET_BYTES));
  }

  /// What shows that who made a request has the secret, 64 hexadecimal digits.
  static String proof(String secret, CertificateRequest request) {
    return HexFormat.of().formatHex(mac(HexFormat.of().parseHex(secret), request.bytes()));
  }

  private static byte[] mac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }
}
