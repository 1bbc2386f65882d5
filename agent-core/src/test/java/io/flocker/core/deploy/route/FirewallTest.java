package io.flocker.core.deploy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.json.JsonMappers;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirewallTest {
  @Test
  void isWhatDropsAtTheHooksOfRoutes() {
    List<Firewall> found =
        in(
            chain("ip", "filter", "FORWARD", "forward", "drop"),
            chain("ip", "filter", "INPUT", "input", "accept"),
            chain("ip6", "filter", "INPUT", "input", "drop"),
            chain("inet", "mine", "way", "forward", "drop"),
            chain("inet", "mine", "out", "output", "drop"),
            chain("inet", "flocker", "forward", "forward", "drop"),
            chain("bridge", "filter", "FORWARD", "forward", "drop"));

    assertEquals(
        List.of(
            "iptables -I FORWARD -m mark --mark 0x20000000/0x20000000 -j ACCEPT",
            "ip6tables -I INPUT -m mark --mark 0x20000000/0x20000000 -j ACCEPT",
            "nft insert rule inet mine way meta mark and 0x20000000 == 0x20000000 accept"),
        found.stream().map(FirewallTest::rule).toList());
    assertTrue(found.getFirst().advice().contains("FORWARD of table ip filter"));
  }

  @Test
  void leavesTheFirstWordToUsersWhereItIsDockers() {
    List<Firewall> found =
        in(
            chain("ip", "filter", "FORWARD", "forward", "drop"),
            "{\"chain\": {\"family\": \"ip\", \"table\": \"filter\", \"name\": \"DOCKER-USER\"}}");

    assertEquals(
        "iptables -I DOCKER-USER -m mark --mark 0x20000000/0x20000000 -j ACCEPT",
        rule(found.getFirst()));
  }

  @Test
  void isNeverAskedAboutByANameThatNftCouldRead() {
    assertEquals(List.of(), in(chain("ip", "x; flush ruleset", "FORWARD", "forward", "drop")));
  }

  @Test
  void isContentWithARuleThatLooksForTheMark() {
    assertTrue(Firewall.looksForTheMark("meta mark & 0x20000000 == 0x20000000 accept"));
    assertTrue(Firewall.looksForTheMark("xt match \"mark\" counter accept"));
    assertFalse(Firewall.looksForTheMark("ct state established accept"));
  }

  private static String rule(Firewall firewall) {
    String advice = firewall.advice();
    return advice.substring(advice.lastIndexOf(": ") + 2);
  }

  private static List<Firewall> in(String... objects) {
    return Firewall.in(
        JsonMappers.WIRE.readTree("{\"nftables\": [%s]}".formatted(String.join(", ", objects))));
  }

  private static String chain(
      String family, String table, String name, String hook, String policy) {
    return """
    {"chain": {"family": "%s", "table": "%s", "name": "%s", "hook": "%s", "policy": "%s"}}\
    """
        .formatted(family, table, name, hook, policy);
  }
}
