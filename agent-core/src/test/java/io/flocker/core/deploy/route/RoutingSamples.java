package io.flocker.core.deploy.route;

import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Wishes for tests. */
public final class RoutingSamples {
  private RoutingSamples() {}

  /** A port where TCP is spoken. */
  public static ExternalPort tcp(int number) {
    return new ExternalPort(Protocol.TCP, number);
  }

  /** A port of datagrams. */
  public static ExternalPort udp(int number) {
    return new ExternalPort(Protocol.UDP, number);
  }

  /** Ways of a port to the addresses, at most one of each family. */
  public static List<Route> routes(ExternalPort port, String... addresses) {
    List<InetAddress> to = new ArrayList<>();
    for (String address : addresses) {
      to.add(InetAddress.ofLiteral(address));
    }
    return Route.to(port, to);
  }

  /** A wish of up to 40 ports, the same for the same seed. */
  public static Routing random(long seed) {
    Random random = new Random(seed);
    List<Route> routes = new ArrayList<>();
    Set<ExternalPort> open = new HashSet<>();
    Set<ExternalPort> taken = new HashSet<>();
    for (int left = random.nextInt(40); left > 0; left--) {
      ExternalPort port =
          new ExternalPort(
              random.nextBoolean() ? Protocol.TCP : Protocol.UDP, 1 + random.nextInt(Port.MAX));
      if (!taken.add(port)) {
        continue;
      }
      if (random.nextInt(4) == 0) {
        open.add(port);
      } else {
        routes.addAll(routes(port, ipv4(random), ipv6(random)).subList(random.nextInt(2), 2));
      }
    }
    return Routing.of(routes, open);
  }

  private static String ipv4(Random random) {
    return "198.18.%d.%d".formatted(random.nextInt(256), random.nextInt(256));
  }

  private static String ipv6(Random random) {
    return "fd00:%x::%x:%x"
        .formatted(random.nextInt(1 << 16), random.nextInt(9), random.nextInt(9));
  }
}
