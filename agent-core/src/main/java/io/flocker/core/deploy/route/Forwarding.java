package io.flocker.core.deploy.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the kernel passes packets on that are for others, which routes to other nodes need. It is
 * switched on where it is off, and never off: others may have come to rely on it. Any thread.
 */
final class Forwarding {
  /** Of a route that came by router advertisement; linux/ipv6_route.h: RTF_ADDRCONF. */
  private static final int LEARNT = 0x0004_0000;

  private static final String EVERYWHERE = "0".repeat(32) + " 00";
  private static final int COLUMNS = 10;
  private static final int FLAGS = 8;
  private static final int HEXADECIMAL = 16;

  private final Path proc;

  /** By the kernel's settings below {@code proc}, usually {@code /proc}. */
  Forwarding(Path proc) {
    this.proc = proc;
  }

  /**
   * Has packets of {@code family} passed on.
   *
   * @return why they are not, and what to do
   */
  Optional<String> allow(Family family) {
    Optional<String> hindrance = hindrance(family);
    if (hindrance.isPresent() || isOn(family)) {
      return hindrance;
    }
    try {
      Files.writeString(setting(family), "1\n", US_ASCII);
      Action.message(MessageType.ROUTES_FORWARDING, Map.of("setting", name(family)));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          """
          %s packets are not passed on, and flockerd cannot change that (%s): \
          set %s=1, see sysctl.d(5).\
          """
              .formatted(family, e.getMessage(), name(family)));
    }
  }

  /** Why packets of {@code family} are not passed on now; changes nothing. */
  Optional<String> obstacle(Family family) {
    return hindrance(family)
        .or(() ->
            isOn(family)
                ? Optional.empty()
                : Optional.of(
                    "%s packets are not passed on since %s is not 1; flockerd sets it with the next change, or when it converges next."
                        .formatted(family, name(family))));
  }

  /** Why packets of {@code family} cannot be passed on unless somebody changes something first. */
  private Optional<String> hindrance(Family family) {
    if (!Files.exists(setting(family))) {
      return Optional.of("This node has no " + family + ": routes to such addresses do nothing.");
    }
    if (family == Family.IPV4 || isOn(family)) {
      return Optional.empty();
    }
    // Whoever forwards listens to no routers any more, unless told to: the node would be cut off.
    return learntFrom()
        .map(device ->
            """
            IPv6 packets are not passed on, and flockerd leaves that so, for the default route \
            that %1$s learnt from a router would be lost: \
            set net.ipv6.conf.%1$s.accept_ra=2, then %2$s=1, see sysctl.d(5).\
            """
                .formatted(device, name(family)));
  }

  private boolean isOn(Family family) {
    return read(setting(family)).equals("1");
  }

  /** The device that has its default route from a router and would lose it. */
  private Optional<String> learntFrom() {
    return read(proc.resolve("thread-self/net/ipv6_route"))
        .lines()
        .filter(line -> line.startsWith(EVERYWHERE))
        .map(line -> line.split("\\s+"))
        .filter(columns -> columns.length == COLUMNS)
        .filter(columns -> (Integer.parseUnsignedInt(columns[FLAGS], HEXADECIMAL) & LEARNT) != 0)
        .map(columns -> columns[COLUMNS - 1])
        .filter(
            device -> read(proc.resolve("sys/net/ipv6/conf/" + device + "/accept_ra")).equals("1"))
        .findFirst();
  }

  private static String name(Family family) {
    return family == Family.IPV4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
  }

  private Path setting(Family family) {
    return proc.resolve("sys").resolve(name(family).replace('.', '/'));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, US_ASCII).strip();
    } catch (IOException _) {
      return ""; // As good as not there.
    }
  }
}
