package dev.potluck.wire;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// Derives a P-256 public key from its private key: the point is scalar times generator.
final class PublicHalf {
  private PublicHalf() {}

  static KeyPair of(PrivateKey key) throws GeneralSecurityException {
    if (!(key instanceof ECPrivateKey ec) || ec.getParams().getOrder().bitLength() != 256) {
      throw new GeneralSecurityException("not a P-256 key");
    }
    X9ECParameters curve = ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp256r1);
    byte[] point =
        new FixedPointCombMultiplier().multiply(curve.getG(), ec.getS()).getEncoded(false);
    var algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
    try {
      byte[] encoded = new SubjectPublicKeyInfo(algorithm, point).getEncoded("DER");
      var spec = new X509EncodedKeySpec(encoded);
      return new KeyPair(KeyFactory.getInstance("EC").generatePublic(spec), key);
    } catch (IOException e) {
      throw new GeneralSecurityException("can't encode the public key", e);
    }
  }
}
