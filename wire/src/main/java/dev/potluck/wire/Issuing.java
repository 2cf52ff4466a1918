package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Builds the three kinds of certificates there are (X.509, RFC 5280): a party's authority, a
/// member's, and the self-signed ones of open parties.
final class Issuing {
  static final Duration NODE_VALIDITY = Duration.ofDays(90);
  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(20 * 365);
  private static final Duration OPEN_VALIDITY = Duration.ofDays(3 * 365);

  /// Clocks of machines that have just met differ.
  private static final Duration BACKDATED = Duration.ofHours(1);

  /// The organisation in self-signed certificates: what keeps open and closed parties apart.
  static final String OPEN_ORGANISATION = "Potluck open party";

  static final String ID_SCHEME = "potluck://";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Issuing() {}

  static X509Certificate authority(KeyPair keys, Instant now) {
    String serial = HexFormat.of().formatHex(PeerKey.sha256(keys.getPublic().getEncoded()), 0, 4);
    X500Principal name = new X500Principal("O=Potluck,CN=authority " + serial);
    try {
      var builder = builder(name, now, AUTHORITY_VALIDITY, name, keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return signed(builder, keys.getPrivate());
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509Certificate node(
      PublicKey key, X509Certificate authority, PrivateKey authorityKey, Instant now) {
    X500Principal subject = new X500Principal("O=Potluck,CN=" + PeerKey.idOf(key));
    var builder = builder(authority.getSubjectX500Principal(), now, NODE_VALIDITY, subject, key);
    return signed(asNode(builder, PeerKey.idOf(key)), authorityKey);
  }

  static X509Certificate open(KeyPair keys, Instant now) {
    PeerId id = PeerKey.idOf(keys.getPublic());
    X500Principal name = new X500Principal("O=" + OPEN_ORGANISATION + ",CN=" + id);
    var builder = builder(name, now, OPEN_VALIDITY, name, keys.getPublic());
    return signed(asNode(builder, id), keys.getPrivate());
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, Instant now, Duration validity, X500Principal subject, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(120, RANDOM).setBit(120),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(validity)),
        subject,
        key);
  }

  /// Certificates bind the id. The host names are for Range clients that insist on one: every
  /// peer's own, and loopback.
  private static JcaX509v3CertificateBuilder asNode(
      JcaX509v3CertificateBuilder builder, PeerId id) {
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      GeneralName[] names = {
        new GeneralName(GeneralName.uniformResourceIdentifier, ID_SCHEME + id),
        new GeneralName(GeneralName.dNSName, id + ".potluck"),
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
        new GeneralName(GeneralName.iPAddress, "::1"),
      };
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      return builder;
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException | CertificateException e) {
      throw new IllegalStateException("can't sign with P-256", e);
    }
  }
}
