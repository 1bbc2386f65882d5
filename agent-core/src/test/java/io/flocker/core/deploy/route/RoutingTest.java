package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
  @Test
  void leadsToTheFirstAddressOfEachFamily() {
    assertEquals(
        List.of("80/tcp to 198.18.0.3", "80/tcp to fd00:0:0:0:0:0:0:3"),
        routes(tcp(80), "198.18.0.3", "198.18.0.4", "fd00::3", "fd00::4").stream()
            .map(Route::toString)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "::", "::1", "fe80::1", "224.0.0.1", "ff02::1"})
  void leadsToNoAddressThatIsNobodyElses(String address) {
    assertEquals(List.of(), routes(tcp(80), address));
    assertThrows(
        IllegalArgumentException.class, () -> new Route(tcp(80), InetAddress.ofLiteral(address)));
  }

  @Test
  void leadsAPortToOnePlace() {
    List<Route> two = new ArrayList<>(routes(tcp(80), "198.18.0.3"));
    two.addAll(routes(tcp(80), "198.18.0.4"));

    assertThrows(IllegalArgumentException.class, () -> Routing.of(two, List.of()));
    assertThrows(IllegalArgumentException.class, () -> tcp(0));
    assertThrows(IllegalArgumentException.class, () -> udp(65_536));
  }
}
