package dev.potluck.wire;

import dev.potluck.content.DeniedException;
import dev.potluck.directory.PeerId;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/// What lets a machine into a party: its certificate and that of the authority which issued it.
/// Public, worthless without the machine's key. Immutable.
public final class Credential {
  private final X509Certificate leaf;
  private final X509Certificate authority;

  Credential(X509Certificate leaf, X509Certificate authority) {
    this.leaf = leaf;
    this.authority = authority;
  }

  /// Reads two DER certificates; whether they belong together is checked by {@link
  /// Identity#install}.
  ///
  /// @throws DeniedException if they are no certificates
  public static Credential of(byte[] leaf, byte[] authority) {
    return new Credential(certificate(leaf), certificate(authority));
  }

  static X509Certificate certificate(byte[] der) {
    if (der.length > WireLimits.CERTIFICATE_BYTES) {
      throw new DeniedException("a certificate is too long");
    }
    try {
      var factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new DeniedException("not a certificate", e);
    }
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was read can't be written", e);
    }
  }

  static String pem(X509Certificate certificate) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded(certificate))
        + "\n-----END CERTIFICATE-----\n";
  }

  /// SHA-256 of an authority's public key, in hexadecimal digits: what a ticket pins.
  static String fingerprint(X509Certificate authority) {
    return HexFormat.of().formatHex(PeerKey.sha256(authority.getPublicKey().getEncoded()));
  }

  X509Certificate leaf() {
    return leaf;
  }

  X509Certificate authority() {
    return authority;
  }

  public PeerId id() {
    return PeerKey.idOf(leaf.getPublicKey());
  }

  public Instant expires() {
    return leaf.getNotAfter().toInstant();
  }

  public String authorityFingerprint() {
    return fingerprint(authority);
  }

  public byte[] leafBytes() {
    return encoded(leaf);
  }

  public byte[] authorityBytes() {
    return encoded(authority);
  }
}
