package dev.potluck.wire;

import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Who this machine is: a key, made once, whose hash is its id, and the credential a party's
/// authority gave it, if it is in a closed party.
///
/// On disk, in one folder: `identity.key` (PKCS #8), `identity.pem` (certificate, then the
/// authority's) and `authority.pem`, so that `curl --key --cert --cacert` takes them as they are.
/// Thread-safe; a credential installed later is used from the next handshake on.
public final class Identity {
  private final Path certificateFile;
  private final Path authorityFile;
  private final KeyPair keys;
  private final PeerId id;
  private final AtomicReference<@Nullable Credential> credential = new AtomicReference<>();

  private Identity(Path folder, KeyPair keys) {
    this.certificateFile = folder.resolve("identity.pem");
    this.authorityFile = folder.resolve("authority.pem");
    this.keys = keys;
    this.id = PeerKey.idOf(keys.getPublic());
  }

  /// Reads the identity in a folder, or makes one there; durable on return.
  public static Identity loadOrCreate(Path folder) throws IOException {
    Path keyFile = folder.resolve("identity.key");
    if (!Files.exists(keyFile)) {
      KeyFiles.writeKey(keyFile, PeerKey.generate().getPrivate());
    }
    Identity identity = new Identity(folder, KeyFiles.readKeys(keyFile));
    if (Files.exists(identity.certificateFile)) {
      List<X509Certificate> chain = KeyFiles.readCertificates(identity.certificateFile);
      if (chain.size() != 2) {
        throw new IOException(identity.certificateFile + " does not hold two certificates");
      }
      Credential stored = new Credential(chain.get(0), chain.get(1));
      identity.check(stored);
      identity.credential.set(stored);
    }
    return identity;
  }

  public PeerId id() {
    return id;
  }

  /// What a closed party gave this machine, if it is in one.
  public Optional<Credential> credential() {
    return Optional.ofNullable(credential.get());
  }

  /// When to ask for the next certificate: when two thirds of this one's time are over.
  public Optional<Instant> renewAt() {
    return credential().map(c -> c.expires().minus(Issuing.NODE_VALIDITY.dividedBy(3)));
  }

  /// A request for a certificate, to be sent to the authority.
  public CertificateRequest request() {
    return CertificateRequest.signed(keys);
  }

  /// Stores a credential, durable on return, and uses it from now on.
  ///
  /// @throws DeniedException if it is not for this key, or not issued by the authority in it, or by
  ///   another authority than the one this machine belongs to
  public void install(Credential issued) {
    check(issued);
    Credential before = credential.get();
    if (before != null && !before.authorityFingerprint().equals(issued.authorityFingerprint())) {
      throw new DeniedException("the certificate is of another party than this machine's");
    }
    try {
      String authority = Credential.pem(issued.authority());
      KeyFiles.write(authorityFile, authority);
      KeyFiles.write(certificateFile, Credential.pem(issued.leaf()) + authority);
    } catch (IOException e) {
      throw new FailedException("can't store the certificate: " + e.getMessage(), e);
    }
    credential.set(issued);
  }

  private void check(Credential issued) {
    if (!issued.id().equals(id)) {
      throw new DeniedException("the certificate is for another key than this machine's");
    }
    try {
      issued.leaf().verify(issued.authority().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new DeniedException("the certificate was not issued by the authority in it", e);
    }
  }

  KeyPair keys() {
    return keys;
  }
}
