package io.flocker.cli.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Under which hosts this machine may be reached by others. */
public final class OwnHosts {
  private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

  /**
   * How the names of interfaces begin that lead to the machine's own containers and virtual
   * machines: their addresses are the same on many hosts. A bridge by another name, such as br0,
   * may well have the address of the machine.
   */
  private static final List<String> OF_GUESTS =
      List.of("docker", "br-", "virbr", "veth", "cni", "podman", "lxcbr", "lxdbr");

  private OwnHosts() {}

  /** What it is called; empty if it has no name of its own. */
  public static Stream<String> name() {
    try {
      String name = Files.readString(NAME, US_ASCII).strip();
      return Stream.of(name)
          .filter(
              text -> !text.isEmpty() && !text.startsWith("localhost") && !text.startsWith("("));
    } catch (IOException _) {
      return Stream.empty();
    }
  }

  /**
   * Its name, then its addresses; none that are valid only on the machine itself or on one link.
   */
  public static List<String> all() {
    return Stream.concat(name(), addresses()).distinct().toList();
  }

  private static Stream<String> addresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(one -> OF_GUESTS.stream().noneMatch(one.getName()::startsWith))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address ->
              !address.isLoopbackAddress()
                  && !address.isLinkLocalAddress()
                  && !address.isMulticastAddress())
          .map(InetAddress::getHostAddress)
          .filter(text -> !text.contains("%"));
    } catch (SocketException _) {
      return Stream.empty();
    }
  }
}
