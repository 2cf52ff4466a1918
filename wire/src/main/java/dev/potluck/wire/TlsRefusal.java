package dev.potluck.wire;

import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Tells "they refuse us" and "we refuse them" from a broken connection, by what TLS reports (RFC
/// 8446, 6.2), and says it in words.
final class TlsRefusal {
  private static final int DEPTH_MAX = 10;

  private TlsRefusal() {}

  static boolean isOne(Throwable failure) {
    return describeOrNull(failure) != null;
  }

  static String describe(@Nullable Throwable failure) {
    String text = failure == null ? null : describeOrNull(failure);
    return text == null ? "refused" : text;
  }

  private static @Nullable String describeOrNull(Throwable failure) {
    Throwable at = failure;
    String found = null;
    for (int depth = 0; at != null && depth < DEPTH_MAX; depth++, at = at.getCause()) {
      if (at instanceof BulkCall.BadAnswer) {
        return "it does not speak the protocol";
      }
      if (at instanceof CertificateException) {
        return "not who was expected: " + at.getMessage();
      }
      if (at instanceof SSLException && at.getMessage() != null && found == null) {
        found = alert(at.getMessage().toLowerCase(Locale.ROOT));
      }
    }
    return found;
  }

  private static @Nullable String alert(String message) {
    if (message.contains("certificate_revoked") || message.contains("certificate revoked")) {
      return "this machine was expelled from the party";
    }
    if (message.contains("unknown_ca") || message.contains("unknown ca")) {
      return "this machine is not of that party";
    }
    if (message.contains("certificate_expired") || message.contains("certificate expired")) {
      return "this machine's certificate has expired";
    }
    if (message.contains("certificate_required") || message.contains("certificate required")) {
      return "that party is for members only";
    }
    return message.contains("certificate") && message.contains("alert")
        ? "this machine's certificate was refused"
        : null;
  }
}
