package dev.potluck.wire;

import dev.potluck.content.DeniedException;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A machine's request for a certificate (PKCS #10), signed with its own key: who made it has the
/// key. Nothing else in it is believed.
public final class CertificateRequest {
  private final byte[] der;
  private final PublicKey key;

  private CertificateRequest(byte[] der, PublicKey key) {
    this.der = der;
    this.key = key;
  }

  static CertificateRequest signed(KeyPair pair) {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      var subject = new X500Principal("CN=" + PeerKey.idOf(pair.getPublic()));
      var request =
          new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic()).build(signer);
      return new CertificateRequest(request.getEncoded(), pair.getPublic());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("can't sign with this machine's key", e);
    }
  }

  /// Reads a request and checks its signature.
  ///
  /// @throws DeniedException if it is none, not signed by its own key, or the key is not of P-256
  public static CertificateRequest parse(byte[] der) {
    if (der.length > WireLimits.CERTIFICATE_BYTES) {
      throw new DeniedException("the certificate request is too long");
    }
    try {
      var request = new JcaPKCS10CertificationRequest(der.clone());
      PublicKey key = request.getPublicKey();
      if (!(key instanceof ECPublicKey ec) || ec.getParams().getOrder().bitLength() != 256) {
        throw new DeniedException("the certificate request's key is not of P-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new DeniedException("the certificate request is not signed by its own key");
      }
      return new CertificateRequest(der.clone(), key);
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException e) {
      throw new DeniedException("not a certificate request", e);
    }
  }

  public PeerId id() {
    return PeerKey.idOf(key);
  }

  PublicKey key() {
    return key;
  }

  public byte[] bytes() {
    return der.clone();
  }
}
