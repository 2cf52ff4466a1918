package dev.potluck.wire;

import java.time.Instant;

/// What a machine with a ticket sends to be let in.
///
/// @param ticketId the ticket's id, hexadecimal
/// @param expires the ticket's expiry
/// @param proof HMAC over the request under the ticket's secret, hexadecimal
public record Enrolment(
    String ticketId, Instant expires, String proof, CertificateRequest request) {
  public Enrolment {
    WireLimits.checkText(ticketId, 2 * Ticket.ID_BYTES, "ticket id");
    WireLimits.checkText(proof, 64, "proof");
  }
}
