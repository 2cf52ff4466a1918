package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.directory.Endpoint;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;

/// Finds the address at which others reach this machine.
final class Addresses {
  private Addresses() {}

  /// What is told to others of a listener: never the wildcard.
  ///
  /// @param towards a member of the party, if one is known: the address used to reach it is best
  static String advertised(String listenHost, Optional<Endpoint> towards) {
    try {
      if (!InetAddress.getByName(listenHost).isAnyLocalAddress()) {
        return listenHost;
      }
      if (towards.isPresent()) {
        Optional<String> local = usedTowards(towards.get());
        if (local.isPresent()) {
          return local.get();
        }
      }
      return bestOfAll();
    } catch (UnknownHostException e) {
      throw new FailedException("--listen: there is no host " + listenHost, e);
    } catch (SocketException e) {
      throw new FailedException(
          "cannot find this machine's address: " + e.getMessage() + "; say it with --advertise", e);
    }
  }

  /// The local address of a route; no packet is sent.
  private static Optional<String> usedTowards(Endpoint member) throws SocketException {
    try (DatagramSocket socket = new DatagramSocket()) {
      InetSocketAddress target = new InetSocketAddress(member.host(), member.port());
      if (target.isUnresolved()) {
        return Optional.empty();
      }
      socket.connect(target);
      InetAddress local = socket.getLocalAddress();
      return local.isAnyLocalAddress() ? Optional.empty() : Optional.of(local.getHostAddress());
    }
  }

  private static String bestOfAll() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .filter(Addresses::isUp)
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .min(Comparator.comparing(InetAddress::isLinkLocalAddress))
        .map(InetAddress::getHostAddress)
        .orElse("127.0.0.1");
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp() && !network.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
