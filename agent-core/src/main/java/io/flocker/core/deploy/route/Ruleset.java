package io.flocker.core.deploy.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The table as text for {@code nft -f}, each text one transaction: the kernel takes all of it or
 * nothing. Pure; what differs between two tables are the elements of five sets, and the rules never
 * change. Texts hold words of ours, numbers and addresses only, so nobody's text can become a rule.
 */
final class Ruleset {
  /** Family and name of the table. */
  static final String TABLE = "inet flocker";

  /**
   * What packets bear that other tables may let through for us: an accept of ours would not count,
   * for the drop of any table is final. It is set after routing, so no routing policy sees it.
   */
  static final int MARK = 0x2000_0000;

  /** Set of the open ports. */
  static final String OPEN = "open";

  /**
   * A chain at a hook.
   *
   * @param priority before Docker's, firewalld's and ufw's at the same hook
   */
  record Chain(String type, String hook, int priority, List<Rule> rules) {
    /** Its name is the hook's. */
    String name() {
      return hook;
    }
  }

  /**
   * A rule.
   *
   * @param comment what it is for, by which it is known again
   */
  record Rule(String text, String comment) {}

  /** Before dstnat (-100), where Docker publishes ports: who comes first decides. */
  private static final int BEFORE_DESTINATION_NAT = -110;

  /** Before srcnat (100). */
  private static final int BEFORE_SOURCE_NAT = 90;

  /** Before filter (0), where other firewalls look for the mark. */
  private static final int BEFORE_FILTER = -10;

  private static final String SET_MARK = "meta mark set meta mark | 0x%08x".formatted(MARK);

  static final List<Chain> CHAINS =
      List.of(
          new Chain("nat", "prerouting", BEFORE_DESTINATION_NAT, both(Ruleset::lead)),
          new Chain("nat", "output", BEFORE_DESTINATION_NAT, both(Ruleset::lead)),
          new Chain("nat", "postrouting", BEFORE_SOURCE_NAT, both(Ruleset::masquerade)),
          new Chain("filter", "forward", BEFORE_FILTER, forward()),
          new Chain("filter", "input", BEFORE_FILTER, List.of(admit())));

  private Ruleset() {}

  /** Puts the whole table in the place of whatever is there under its name. */
  static String whole(Routing routing) {
    StringBuilder text = new StringBuilder(removal());
    text.append("table ").append(TABLE).append(" {\n");
    for (Family family : Family.values()) {
      declare(
          text,
          "map " + family.routes(),
          "inet_proto . inet_service : " + family.conntrack() + "_addr",
          leading(family, routing.routes()));
      declare(
          text,
          "set " + family.targets(),
          family.conntrack() + "_addr . inet_proto . inet_service",
          targets(family, routing.routes()));
    }
    declare(text, "set " + OPEN, "inet_proto . inet_service", keys(routing.open()));
    for (Chain chain : CHAINS) {
      text.append(
          "  chain %s {\n    type %s hook %s priority %d; policy accept;\n"
              .formatted(chain.name(), chain.type(), chain.hook(), chain.priority()));
      for (Rule rule : chain.rules()) {
        text.append("    %s comment \"%s\"\n".formatted(rule.text(), rule.comment()));
      }
      text.append("  }\n");
    }
    return text.append("}\n").toString();
  }

  /** Changes what differs in an intact table, and touches nothing else. */
  static String change(Routing from, Routing to) {
    StringBuilder text = new StringBuilder();
    Collection<Route> gone = from.without(to);
    Collection<Route> come = to.without(from);
    for (Family family : Family.values()) {
      change(text, "delete", family.routes(), keys(ports(family, gone)));
      change(text, "delete", family.targets(), targets(family, gone));
    }
    change(text, "delete", OPEN, keys(rest(from.open(), to.open())));
    for (Family family : Family.values()) {
      change(text, "add", family.routes(), leading(family, come));
      change(text, "add", family.targets(), targets(family, come));
    }
    change(text, "add", OPEN, keys(rest(to.open(), from.open())));
    return text.toString();
  }

  /** Leaves nothing, whether there is something or not. */
  static String removal() {
    return "table %1$s\ndelete table %1$s\n".formatted(TABLE);
  }

  private static List<Rule> both(Function<Family, Rule> rule) {
    return Stream.of(Family.values()).map(rule).toList();
  }

  /**
   * What is for an address of this node. Loopback is left out: the answers would come from outside
   * for a loopback address, which the kernel refuses, and allowing that (route_localnet) would open
   * whatever listens there to the network.
   */
  private static Rule lead(Family family) {
    String loopback = family == Family.IPV4 ? "127.0.0.0/8" : "::1";
    return new Rule(
        "fib daddr type local %1$s daddr != %2$s dnat %1$s to meta l4proto . th dport map @%3$s"
            .formatted(family.word(), loopback, family.routes()),
        family + " to the node that runs the application");
  }

  private static Rule masquerade(Family family) {
    return new Rule(
        "ct status dnat %s daddr . meta l4proto . th dport @%s masquerade"
            .formatted(family.word(), family.targets()),
        family + " answers come back by this node");
  }

  private static List<Rule> forward() {
    List<Rule> rules = new ArrayList<>();
    for (Family family : Family.values()) {
      rules.add(vouch(family, "daddr", "dport", "questions"));
      rules.add(vouch(family, "saddr", "sport", "answers"));
    }
    return List.copyOf(rules);
  }

  private static Rule vouch(Family family, String address, String port, String what) {
    return new Rule(
        "ct status dnat %s %s . meta l4proto . th %s @%s %s"
            .formatted(family.word(), address, port, family.targets(), SET_MARK),
        "mark %s %s of routes".formatted(family, what));
  }

  private static Rule admit() {
    return new Rule("meta l4proto . th dport @" + OPEN + " " + SET_MARK, "mark open ports");
  }

  private static void declare(StringBuilder text, String what, String type, List<String> elements) {
    text.append("  %s {\n    type %s\n".formatted(what, type));
    if (!elements.isEmpty()) {
      text.append("    elements = { ").append(String.join(", ", elements)).append(" }\n");
    }
    text.append("  }\n");
  }

  private static void change(StringBuilder text, String verb, String set, List<String> elements) {
    if (!elements.isEmpty()) {
      text.append(
          "%s element %s %s { %s }\n".formatted(verb, TABLE, set, String.join(", ", elements)));
    }
  }

  private static List<String> leading(Family family, Collection<Route> routes) {
    return of(family, routes)
        .map(route -> key(route.port()) + " : " + route.to().getHostAddress())
        .toList();
  }

  private static List<String> targets(Family family, Collection<Route> routes) {
    return of(family, routes)
        .map(route -> route.to().getHostAddress() + " . " + key(route.port()))
        .toList();
  }

  private static List<ExternalPort> ports(Family family, Collection<Route> routes) {
    return of(family, routes).map(Route::port).toList();
  }

  private static Stream<Route> of(Family family, Collection<Route> routes) {
    return routes.stream().filter(route -> route.family() == family);
  }

  private static List<ExternalPort> rest(
      Collection<ExternalPort> all, Collection<ExternalPort> others) {
    return all.stream().filter(port -> !others.contains(port)).toList();
  }

  private static List<String> keys(Collection<ExternalPort> ports) {
    return ports.stream().map(Ruleset::key).toList();
  }

  private static String key(ExternalPort port) {
    return port.protocol() + " . " + port.number();
  }
}
