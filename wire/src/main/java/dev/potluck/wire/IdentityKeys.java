package dev.potluck.wire;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows this machine's current certificate at every handshake: a renewed one is used from the next
/// on, without new sockets or contexts.
final class IdentityKeys extends X509ExtendedKeyManager {
  private static final String ALIAS = "potluck";

  private final PrivateKey key;
  private final Supplier<X509Certificate[]> chain;

  IdentityKeys(PrivateKey key, Supplier<X509Certificate[]> chain) {
    this.key = key;
    this.chain = chain;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.get();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public String chooseEngineClientAlias(
      String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseEngineServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseClientAlias(
      String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return ALIAS;
  }

  @Override
  public String chooseServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return ALIAS;
  }

  @Override
  public String[] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }
}
