package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesetTest {
  private static final List<Route> WEB = routes(tcp(8080), "198.18.0.3", "fd00:f10c::3");
  private static final List<Route> NAMES = routes(udp(53), "198.18.0.4");

  @Test
  void isOneTableThatTakesThePlaceOfTheOld() throws IOException {
    List<Route> all = new ArrayList<>(WEB);
    all.addAll(NAMES);

    assertEquals(
        Files.readString(Path.of("ROUTES.md")).split("```\n", 3)[1],
        Ruleset.whole(Routing.of(all, List.of(tcp(4523)))));
  }

  @Test
  void saysTheSameInWhateverOrderItIsWished() {
    for (int seed = 0; seed < 100; seed++) {
      Routing wish = RoutingSamples.random(seed);
      List<Route> backwards = new ArrayList<>(wish.routes()).reversed();

      assertEquals(Ruleset.whole(wish), Ruleset.whole(Routing.of(backwards, wish.open())));
    }
  }

  @Test
  void changesOnlyWhatDiffers() {
    Routing before = Routing.of(WEB, List.of(tcp(1), tcp(2)));
    List<Route> moved = new ArrayList<>(routes(tcp(8080), "198.18.0.9", "fd00:f10c::3"));
    moved.addAll(NAMES);

    assertEquals(
        """
        delete element inet flocker routes4 { tcp . 8080 }
        delete element inet flocker targets4 { 198.18.0.3 . tcp . 8080 }
        delete element inet flocker open { tcp . 1 }
        add element inet flocker routes4 { tcp . 8080 : 198.18.0.9, udp . 53 : 198.18.0.4 }
        add element inet flocker targets4 { 198.18.0.9 . tcp . 8080, 198.18.0.4 . udp . 53 }
        """,
        Ruleset.change(before, Routing.of(moved, List.of(tcp(2)))));
    assertEquals("", Ruleset.change(before, before));
  }

  @Test
  void holdsNobodysText() throws Exception {
    String rule = "x } ; flush ruleset ; #";
    InetAddress named =
        InetAddress.getByAddress(rule, InetAddress.ofLiteral("198.18.0.3").getAddress());
    InetAddress scoped =
        Inet6Address.getByAddress(rule, InetAddress.ofLiteral("fec0::1").getAddress(), 7);
    Routing wish = Routing.of(Route.to(tcp(80), List.of(named, scoped)), List.of());

    assertTrue(Ruleset.whole(wish).contains("tcp . 80 : 198.18.0.3 "), Ruleset.whole(wish));
    assertTrue(Ruleset.whole(wish).contains("tcp . 80 : fec0:0:0:0:0:0:0:1 "));
    for (String text : List.of(Ruleset.whole(wish), Ruleset.change(Routing.NONE, wish))) {
      assertTrue(!text.contains("flush") && !text.contains("%") && !text.contains("#"), text);
    }
  }
}
