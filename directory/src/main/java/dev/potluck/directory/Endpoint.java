package dev.potluck.directory;

import dev.potluck.content.UsageException;

/// Where a service listens: a host name or address without brackets, and a port.
public record Endpoint(String host, int port) {
  static final int MAX_HOST_LENGTH = 255;

  /// @throws UsageException if the host is not one or the port is not within 0 to 65535
  public Endpoint {
    if (host.isEmpty() || host.length() > MAX_HOST_LENGTH || !host.chars().allMatch(Endpoint::ok)) {
      throw new UsageException("not a host: expected a name or an address");
    }
    if (port < 0 || port > 65_535) {
      throw new UsageException("not a port: " + port + " is not within 0 to 65535");
    }
  }

  /// Reads `host:port` or `[v6]:port`.
  ///
  /// @throws UsageException if the text has another form
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new UsageException("not an address: \"" + shown(text) + "\", expected HOST:PORT");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      throw new UsageException("write an IPv6 address as [" + shown(host) + "]:PORT");
    }
    try {
      int port = Integer.parseInt(text, colon + 1, text.length(), 10);
      return new Endpoint(bracketed ? host.substring(1, host.length() - 1) : host, port);
    } catch (NumberFormatException e) {
      throw new UsageException("not an address: \"" + shown(text) + "\" has no port number", e);
    }
  }

  /// The form that {@link #parse} reads.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static boolean ok(int c) {
    return c > ' ' && c < 0x7f && c != '[' && c != ']' && c != '/' && c != '"';
  }

  private static String shown(String text) {
    return text.substring(0, Math.min(80, text.length())).replaceAll("\\p{Cntrl}", "?");
  }
}
