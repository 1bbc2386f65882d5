package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.flocker.core.deploy.route.Routes.Found;
import io.flocker.core.json.JsonMappers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what nft 1.0.6 printed of the table of {@code ROUTES.md}. */
class RulesetReaderTest {
  private String listing = "";

  @BeforeEach
  void readListing() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RulesetReaderTest.class.getResourceAsStream("listing.json"))) {
      listing = new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void readsWhatWasWritten() {
    List<Route> all = new ArrayList<>(routes(tcp(8080), "198.18.0.3", "fd00:f10c::3"));
    all.addAll(routes(udp(53), "198.18.0.4"));

    assertEquals(
        new Found(true, true, Routing.of(all, List.of(tcp(4523)))),
        RulesetReader.read(JsonMappers.WIRE.readTree(listing)));
  }

  /** Each is what somebody may do by nft. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a policy | \"hook\": \"input\", \"prio\": -10, \"policy\": \"accept\""
            + " | \"hook\": \"input\", \"prio\": -10, \"policy\": \"drop\"",
        "a rule that took another's place | \"handle\": 15, | \"handle\": 22,",
        "a comment | mark open ports | of mine",
        "a port without its target | {\"concat\": [\"198.18.0.4\", \"udp\", 53]}, |",
        "a target elsewhere | {\"concat\": [\"198.18.0.4\", \"udp\", 53]}"
            + " | {\"concat\": [\"198.18.0.5\", \"udp\", 53]}",
        "another protocol | [{\"concat\": [\"udp\", 53]} | [{\"concat\": [\"sctp\", 53]}",
        "an element with more to it | {\"concat\": [\"tcp\", 4523]}"
            + " | {\"elem\": {\"val\": {\"concat\": [\"tcp\", 4523]}, \"timeout\": 9}}",
        "one more chain | {\"rule\": {\"family\" | {\"chain\": {\"name\": \"mine\", \"handle\":"
            + " 22}}, {\"rule\": {\"family\"",
        "a counter | {\"rule\": {\"family\" | {\"counter\": {\"name\": \"mine\", \"handle\": 22}},"
            + " {\"rule\": {\"family\"",
      })
  void noticesWhatOthersChanged(String what, String from, String to) {
    String changed = listing.replaceFirst(quote(from), to == null ? "" : to);
    assertNotEquals(listing, changed, what);

    assertFalse(RulesetReader.read(JsonMappers.WIRE.readTree(changed)).isIntact(), what);
  }

  @Test
  void noticesRulesThatWereRemovedOrAdded() {
    int last = listing.lastIndexOf(", {\"rule\"");
    String without = listing.substring(0, last) + "]}";
    String twice = listing.substring(0, listing.length() - 2) + listing.substring(last);

    assertFalse(RulesetReader.read(JsonMappers.WIRE.readTree(without)).isIntact());
    assertFalse(RulesetReader.read(JsonMappers.WIRE.readTree(twice)).isIntact());
  }

  private static String quote(String text) {
    return java.util.regex.Pattern.quote(text);
  }
}
