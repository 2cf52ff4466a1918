package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// What decides at every handshake who may talk to this machine. TLS 1.3 only. Open and closed
/// parties never mix: an open one takes only certificates that say so and vouch for themselves, a
/// closed one only its authority's.
public final class PartyTls {
  private final PeerId self;
  private final boolean open;
  private final Predicate<PeerId> denied;
  private final SslContext controlServer;
  private final SslContext controlClient;
  private final SslContext bulkServer;
  private final SslContext bulkClient;

  private PartyTls(
      PeerId self, boolean open, Predicate<PeerId> denied, IdentityKeys keys, PartyTrust trust) {
    this.self = self;
    this.open = open;
    this.denied = denied;
    // A closed party's Enrol is the one call of those who have no certificate yet.
    ClientAuth controlAuth = open ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    try {
      this.controlServer = grpc(server(keys, trust).clientAuth(controlAuth)).build();
      this.controlClient = grpc(client(trust).keyManager(keys)).build();
      this.bulkServer = server(keys, trust).clientAuth(ClientAuth.REQUIRE).build();
      this.bulkClient = client(trust).keyManager(keys).build();
    } catch (SSLException e) {
      throw new IllegalStateException("can't set up TLS", e);
    }
  }

  /// For a closed party: who has a certificate of the identity's authority, for the key it is
  /// connecting with, and is not denied.
  ///
  /// @param denied the deny list, asked at every handshake and call
  /// @throws IllegalStateException if the identity has no credential yet
  public static PartyTls closed(Identity identity, Predicate<PeerId> denied, InstantSource clock) {
    X509Certificate authority =
        identity
            .credential()
            .orElseThrow(() -> new IllegalStateException("not enrolled"))
            .authority();
    PartyTrust.Voucher voucher = chain -> chain[0].verify(authority.getPublicKey());
    return closed(identity, denied, clock, voucher);
  }

  private static PartyTls closed(
      Identity identity,
      Predicate<PeerId> denied,
      InstantSource clock,
      PartyTrust.Voucher voucher) {
    Supplier<X509Certificate[]> chain =
        () -> {
          Credential current = identity.credential().orElseThrow();
          return new X509Certificate[] {current.leaf(), current.authority()};
        };
    return new PartyTls(
        identity.id(),
        false,
        denied,
        new IdentityKeys(identity.keys().getPrivate(), chain),
        new PartyTrust(voucher, denied, clock));
  }

  /// With another idea of whom to trust: for tests of what the other side refuses.
  static PartyTls trusting(Identity identity, PartyTrust.Voucher voucher) {
    return closed(identity, _ -> false, InstantSource.system(), voucher);
  }

  /// For an open party: anyone; encryption without authentication, but an id is still that of the
  /// key.
  public static PartyTls open(Identity identity, Predicate<PeerId> denied, InstantSource clock) {
    KeyPair keys = identity.keys();
    X509Certificate[] chain = {Issuing.open(keys, clock.instant())};
    return new PartyTls(
        identity.id(),
        true,
        denied,
        new IdentityKeys(keys.getPrivate(), () -> chain),
        new PartyTrust(PartyTls::vouchesForItself, denied, clock));
  }

  private static void vouchesForItself(X509Certificate[] chain) throws GeneralSecurityException {
    X509Certificate leaf = chain[0];
    if (!leaf.getSubjectX500Principal().getName().contains("O=" + Issuing.OPEN_ORGANISATION)) {
      throw new SignatureException("a member of a closed party");
    }
    leaf.verify(leaf.getPublicKey());
  }

  /// What a machine without a certificate talks to a party with: it trusts whom the ticket's
  /// authority vouches for.
  static SslContext enrolling(String authorityFingerprint, InstantSource clock) {
    PartyTrust.Voucher voucher =
        chain -> {
          if (chain.length != 2 || !Credential.fingerprint(chain[1]).equals(authorityFingerprint)) {
            throw new SignatureException("not the ticket's authority");
          }
          chain[0].verify(chain[1].getPublicKey());
        };
    try {
      return grpc(client(new PartyTrust(voucher, _ -> false, clock))).build();
    } catch (SSLException e) {
      throw new IllegalStateException("can't set up TLS", e);
    }
  }

  private static SslContextBuilder server(IdentityKeys keys, PartyTrust trust) {
    return SslContextBuilder.forServer(keys)
        .sslProvider(provider())
        .protocols("TLSv1.3")
        .trustManager(trust);
  }

  private static SslContextBuilder client(PartyTrust trust) {
    return SslContextBuilder.forClient()
        .sslProvider(provider())
        .protocols("TLSv1.3")
        .endpointIdentificationAlgorithm("")
        .trustManager(trust);
  }

  private static SslContextBuilder grpc(SslContextBuilder builder) {
    return GrpcSslContexts.configure(builder, provider());
  }

  private static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /// The id a connection proved, empty if it proved none (yet).
  static Optional<PeerId> peerOf(SslHandler handler) {
    return handler.handshakeFuture().isSuccess()
        ? peerOf(handler.engine().getSession())
        : Optional.empty();
  }

  static Optional<PeerId> peerOf(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return Optional.of(PeerKey.idOf(chain[0].getPublicKey()));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  public PeerId self() {
    return self;
  }

  public boolean isOpen() {
    return open;
  }

  boolean denies(PeerId peer) {
    return denied.test(peer);
  }

  SslContext controlServer() {
    return controlServer;
  }

  SslContext controlClient() {
    return controlClient;
  }

  SslContext bulkServer() {
    return bulkServer;
  }

  SslContext bulkClient() {
    return bulkClient;
  }
}
