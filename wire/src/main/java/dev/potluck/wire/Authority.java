package dev.potluck.wire;

import dev.potluck.content.DeniedException;
import dev.potluck.directory.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/// A party's authority: the key that says who is in. Kept by who has a seat at the directory, in
/// one folder: `party.key` and `party.pem`. Thread-safe.
public final class Authority {
  private static final Duration VALIDITY_MAX = Duration.ofDays(365);

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final byte[] ticketKey;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  private Authority(KeyPair keys, X509Certificate certificate, InstantSource clock) {
    this.keys = keys;
    this.certificate = certificate;
    this.ticketKey = TicketSecrets.keyOf(keys.getPrivate().getEncoded());
    this.clock = clock;
  }

  /// Whether a folder holds an authority.
  public static boolean exists(Path folder) {
    return Files.exists(folder.resolve("party.pem"));
  }

  /// Reads the authority in a folder, or makes one there; durable on return.
  public static Authority loadOrCreate(Path folder, InstantSource clock) throws IOException {
    Path keyFile = folder.resolve("party.key");
    Path certificateFile = folder.resolve("party.pem");
    if (!Files.exists(keyFile)) {
      KeyFiles.writeKey(keyFile, PeerKey.generate().getPrivate());
    }
    KeyPair keys = KeyFiles.readKeys(keyFile);
    if (!Files.exists(certificateFile)) {
      KeyFiles.write(certificateFile, Credential.pem(Issuing.authority(keys, clock.instant())));
    }
    List<X509Certificate> certificates = KeyFiles.readCertificates(certificateFile);
    if (certificates.size() != 1
        || !certificates.getFirst().getPublicKey().equals(keys.getPublic())) {
      throw new IOException(certificateFile + " does not belong to " + keyFile);
    }
    return new Authority(keys, certificates.getFirst(), clock);
  }

  /// SHA-256 of its public key, in hexadecimal digits.
  public String fingerprint() {
    return Credential.fingerprint(certificate);
  }

  /// Issues a certificate of 90 days for the request's key. Whether that key may have one is the
  /// caller's question.
  public Credential issue(CertificateRequest request) {
    X509Certificate leaf =
        Issuing.node(request.key(), certificate, keys.getPrivate(), clock.instant());
    return new Credential(leaf, certificate);
  }

  /// Makes a ticket for one machine.
  ///
  /// @param addresses control addresses it can knock at, the best first
  public Ticket invite(List<Endpoint> addresses, Duration validity) {
    if (!validity.isPositive() || validity.compareTo(VALIDITY_MAX) > 0) {
      throw new IllegalArgumentException("a ticket is valid for up to a year, not " + validity);
    }
    byte[] idBytes = new byte[Ticket.ID_BYTES];
    random.nextBytes(idBytes);
    String id = HexFormat.of().formatHex(idBytes);
    Instant expires = Instant.ofEpochSecond(clock.instant().plus(validity).getEpochSecond());
    String secret = TicketSecrets.secret(ticketKey, id, expires);
    return new Ticket(addresses, fingerprint(), id, expires, secret);
  }

  /// Checks a ticket. Whether it was used by another key is the directory's question.
  ///
  /// @throws DeniedException if the ticket is not of this party, or expired
  public void check(Enrolment enrolment) {
    String secret = TicketSecrets.secret(ticketKey, enrolment.ticketId(), enrolment.expires());
    String expected = TicketSecrets.proof(secret, enrolment.request());
    if (!MessageDigest.isEqual(ascii(expected), ascii(enrolment.proof()))) {
      throw new DeniedException("this ticket is not of this party: ask a member for another");
    }
    if (!clock.instant().isBefore(enrolment.expires())) {
      throw new DeniedException(
          "this ticket expired at " + enrolment.expires() + ": ask a member for another");
    }
  }

  /// What another seat needs to let machines in as this one does.
  public AuthorityCopy copy() {
    return new AuthorityCopy(KeyFiles.pem(keys.getPrivate()), Credential.pem(certificate));
  }

  /// Puts the authority into a folder; durable on return.
  public static void install(Path folder, AuthorityCopy copy) throws IOException {
    KeyFiles.write(folder.resolve("party.key"), copy.key());
    KeyFiles.write(folder.resolve("party.pem"), copy.certificate());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
