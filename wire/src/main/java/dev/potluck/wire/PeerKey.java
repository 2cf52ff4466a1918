package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;

/// How an id follows from a key: P-256 keys, SHA-256 of the SubjectPublicKeyInfo, its first 20
/// bytes in lower-case base32 (RFC 4648, no padding needed).
final class PeerKey {
  private static final int ID_BYTES = 20;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private PeerKey() {}

  static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no P-256", e);
    }
  }

  static PeerId idOf(PublicKey key) {
    return new PeerId(base32(Arrays.copyOf(sha256(key.getEncoded()), ID_BYTES)));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  private static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 8 / 5);
    int bits = 0;
    int count = 0;
    for (byte b : bytes) {
      bits = (bits << 8 | (b & 0xff)) & 0xffff;
      count += 8;
      while (count >= 5) {
        count -= 5;
        text.append(ALPHABET.charAt(bits >> count & 31));
      }
    }
    return text.toString();
  }
}
