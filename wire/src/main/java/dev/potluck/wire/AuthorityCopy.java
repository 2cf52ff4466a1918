package dev.potluck.wire;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;

/// A party's authority on its way from one seat to another, as two PEM texts. Whoever has it can
/// let machines in.
public record AuthorityCopy(String key, String certificate) {
  public AuthorityCopy {
    WireLimits.checkText(key, WireLimits.CERTIFICATE_BYTES, "a key");
    WireLimits.checkText(certificate, WireLimits.CERTIFICATE_BYTES, "a certificate");
  }

  /// The authority's, as tickets have it.
  ///
  /// @throws IOException if there is no certificate in it
  public String fingerprint() throws IOException {
    List<X509Certificate> certificates = KeyFiles.certificates(certificate, "an authority");
    if (certificates.size() != 1) {
      throw new IOException("an authority with " + certificates.size() + " certificates");
    }
    return Credential.fingerprint(certificates.getFirst());
  }

  /// A secret.
  @Override
  public String toString() {
    return "AuthorityCopy[…]";
  }
}
