package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// The checks of one handshake, the same in both directions: the certificate is vouched for ({@link
/// Voucher}), valid now, names the id that its key has, is not denied, and is the expected one if
/// the caller expects one. Each refusal is another TLS alert, so that who is refused can say why.
final class PartyTrust extends X509ExtendedTrustManager {
  private static final String HOST_SUFFIX = ".potluck";
  private static final int SAN_URI = 6;
  private static final int CHAIN_LENGTH_MAX = 3;
  private static final int VOUCHED_MAX = 4_096;

  /// What vouches for a chain: a party's authority, the authority a ticket pins, or nobody (open).
  @FunctionalInterface
  interface Voucher {
    /// @throws GeneralSecurityException if nobody vouches for it
    void check(X509Certificate[] chain) throws GeneralSecurityException;
  }

  private final Voucher voucher;
  private final Predicate<PeerId> denied;
  private final InstantSource clock;

  /// Chains whose signatures were checked: that costs more than the rest of a handshake, in which
  /// the other side still has to prove that it has the key.
  private final Set<List<X509Certificate>> vouched = ConcurrentHashMap.newKeySet();

  PartyTrust(Voucher voucher, Predicate<PeerId> denied, InstantSource clock) {
    this.voucher = voucher;
    this.denied = denied;
    this.clock = clock;
  }

  /// The host name under which a client asks for a peer: carries the id it expects.
  static String hostOf(PeerId expected) {
    return expected + HOST_SUFFIX;
  }

  private static Optional<PeerId> expectedBy(SSLEngine engine) {
    String host = engine.getPeerHost();
    if (host == null || !host.endsWith(HOST_SUFFIX)) {
      return Optional.empty();
    }
    String text = host.substring(0, host.length() - HOST_SUFFIX.length());
    return PeerId.isValid(text) ? Optional.of(PeerId.of(text)) : Optional.empty();
  }

  private PeerId check(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0 || chain.length > CHAIN_LENGTH_MAX) {
      throw new CertificateException("a chain of " + chain.length + " certificates");
    }
    X509Certificate leaf = chain[0];
    try {
      vouch(chain);
    } catch (GeneralSecurityException e) {
      throw new OpenSslCertificateException(
          "of another party", e, CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    }
    try {
      leaf.checkValidity(Date.from(clock.instant()));
    } catch (CertificateException e) {
      throw new OpenSslCertificateException(
          "expired or not yet valid", e, CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED);
    }
    PeerId id = PeerKey.idOf(leaf.getPublicKey());
    if (leaf.getBasicConstraints() >= 0 || !names(leaf).equals(List.of(Issuing.ID_SCHEME + id))) {
      throw new CertificateException("the certificate does not name the id of its key");
    }
    if (denied.test(id)) {
      throw new OpenSslCertificateException(
          "peer " + id + " was expelled", CertificateVerifier.X509_V_ERR_CERT_REVOKED);
    }
    return id;
  }

  private void vouch(X509Certificate[] chain) throws GeneralSecurityException {
    List<X509Certificate> key = List.of(chain);
    if (!vouched.contains(key)) {
      voucher.check(chain);
      if (vouched.size() >= VOUCHED_MAX) {
        vouched.clear();
      }
      vouched.add(key);
    }
  }

  private static List<String> names(X509Certificate leaf) throws CertificateParsingException {
    var names = leaf.getSubjectAlternativeNames();
    if (names == null) {
      return List.of();
    }
    return names.stream()
        .filter(name -> name.get(0).equals(SAN_URI))
        .map(name -> String.valueOf(name.get(1)))
        .toList();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    PeerId id = check(chain);
    Optional<PeerId> expected = expectedBy(engine);
    if (expected.isPresent() && !expected.get().equals(id)) {
      throw new CertificateException("it is peer " + id + ", not " + expected.get());
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
