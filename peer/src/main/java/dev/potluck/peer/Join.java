package dev.potluck.peer;

import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;

/// How a machine gets into a party that is there already.
public sealed interface Join {
  /// What every ticket starts with.
  String TICKET_PREFIX = "potluck1";

  /// Ask this member: enough for an open party, and for who is a member already.
  record At(Endpoint member) implements Join {}

  /// Be let in with this ticket, which also says where.
  record With(String ticket) implements Join {
    /// @throws UsageException if the text cannot be a ticket
    public With {
      if (!ticket.startsWith(TICKET_PREFIX) || !ticket.matches("[!-~]{16,8192}")) {
        throw new UsageException("not a ticket: one starts with " + TICKET_PREFIX);
      }
    }

    /// A ticket is a secret.
    @Override
    public String toString() {
      return "With[ticket=…]";
    }
  }

  /// Reads `HOST:PORT` or a ticket.
  ///
  /// @throws UsageException if the text is neither
  static Join parse(String text) {
    return text.startsWith(TICKET_PREFIX) ? new With(text) : new At(Endpoint.parse(text));
  }
}
