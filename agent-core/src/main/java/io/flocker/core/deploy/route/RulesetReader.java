package io.flocker.core.deploy.route;

import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.route.Routes.Found;
import io.flocker.core.deploy.route.Ruleset.Chain;
import io.flocker.core.deploy.route.Ruleset.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code nft -j list table inet flocker} prints (libnftables-json(5)). Pure.
 *
 * <p>Rules are not compared word by word, for versions of nft print them differently. They are
 * known by their comments, and by their handles: the kernel numbers all that is made in a table one
 * after the other, so that what others add, replace or remove later leaves a number too many or a
 * gap.
 */
final class RulesetReader {
  private static final Set<String> SETS = sets();

  private final Map<String, Set<String>> elements = new HashMap<>();
  private final Map<String, List<String>> comments = new HashMap<>();
  private final Set<String> chains = new HashSet<>();
  private final TreeSet<Integer> handles = new TreeSet<>();
  private final Set<Route> routes = new HashSet<>();
  private final Set<ExternalPort> open = new HashSet<>();
  private boolean isIntact = true;

  private RulesetReader() {}

  /** What the listing tells. */
  static Found read(JsonNode listing) {
    RulesetReader reader = new RulesetReader();
    for (JsonNode object : listing.path("nftables")) {
      object.properties().forEach(one -> reader.take(one.getKey(), one.getValue()));
    }
    return reader.found();
  }

  private void take(String kind, JsonNode object) {
    switch (kind) {
      case "metainfo", "table" -> {}
      case "map", "set" -> takeSet(object.path("name").asString(""), object.path("elem"));
      case "chain" -> takeChain(object);
      case "rule" ->
          comments
              .computeIfAbsent(object.path("chain").asString(""), _ -> new ArrayList<>())
              .add(object.path("comment").asString(""));
      default -> isIntact = false;
    }
    if (object.has("chain") || (object.has("name") && !kind.equals("table"))) {
      handles.add(object.path("handle").asInt(0));
    }
  }

  private void takeChain(JsonNode chain) {
    chains.add(
        describe(
            chain.path("name").asString(""),
            chain.path("type").asString(""),
            chain.path("hook").asString(""),
            chain.path("prio").asInt(0),
            chain.path("policy").asString("")));
  }

  private void takeSet(String name, JsonNode all) {
    Set<String> texts = new HashSet<>();
    elements.put(name, texts);
    for (JsonNode one : all) {
      try {
        texts.add(element(name, one));
      } catch (IllegalArgumentException _) {
        isIntact = false; // Nothing of ours looks like that.
      }
    }
  }

  /** Takes it, and returns what has to stand in the set beside, where there is one. */
  private String element(String set, JsonNode one) {
    if (set.equals(Ruleset.OPEN)) {
      ExternalPort port = port(one.path("concat"), 0);
      open.add(port);
      return port.toString();
    }
    if (set.startsWith("routes")) {
      Route route = new Route(port(one.path(0).path("concat"), 0), address(set, one.path(1)));
      routes.add(route);
      return route.toString();
    }
    JsonNode concat = one.path("concat");
    return new Route(port(concat, 1), address(set, concat.path(0))).toString();
  }

  private static ExternalPort port(JsonNode concat, int at) {
    if (concat.size() != at + 2) {
      throw new IllegalArgumentException("not an element of ours");
    }
    return new ExternalPort(
        Protocol.parse(concat.path(at).asString("")), concat.path(at + 1).asInt(0));
  }

  private static InetAddress address(String set, JsonNode text) {
    InetAddress address = InetAddress.ofLiteral(text.asString(""));
    if (!set.equals(Family.of(address).routes()) && !set.equals(Family.of(address).targets())) {
      throw new IllegalArgumentException("an address of the other family");
    }
    return address;
  }

  private Found found() {
    boolean isWhole =
        isIntact
            && elements.keySet().equals(SETS)
            && haveTargets()
            && chains.equals(expectedChains())
            && comments.equals(expectedComments())
            && areNumberedInOneGo();
    return new Found(true, isWhole, Routing.of(onePerPort(), open));
  }

  /** A map has one value for a key, so that only a listing that nobody printed has more. */
  private List<Route> onePerPort() {
    Set<String> taken = new HashSet<>();
    return routes.stream()
        .sorted()
        .filter(route -> taken.add(route.port() + " " + route.family()))
        .toList();
  }

  private boolean haveTargets() {
    for (Family family : Family.values()) {
      Set<String> routes = elements.getOrDefault(family.routes(), Set.of());
      if (!routes.equals(elements.get(family.targets()))) {
        return false;
      }
    }
    return true;
  }

  private boolean areNumberedInOneGo() {
    int rules = Ruleset.CHAINS.stream().mapToInt(chain -> chain.rules().size()).sum();
    int all = SETS.size() + Ruleset.CHAINS.size() + rules;
    return handles.size() == all && handles.last() - handles.first() == all - 1;
  }

  private static Set<String> sets() {
    Set<String> sets = new HashSet<>(Set.of(Ruleset.OPEN));
    for (Family family : Family.values()) {
      sets.add(family.routes());
      sets.add(family.targets());
    }
    return Set.copyOf(sets);
  }

  private static Set<String> expectedChains() {
    Set<String> expected = new HashSet<>();
    for (Chain chain : Ruleset.CHAINS) {
      expected.add(describe(chain.name(), chain.type(), chain.hook(), chain.priority(), "accept"));
    }
    return expected;
  }

  private static Map<String, List<String>> expectedComments() {
    Map<String, List<String>> expected = new HashMap<>();
    for (Chain chain : Ruleset.CHAINS) {
      expected.put(chain.name(), chain.rules().stream().map(Rule::comment).toList());
    }
    return expected;
  }

  private static String describe(String name, String type, String hook, int prio, String policy) {
    return String.join(" ", name, type, hook, Integer.toString(prio), policy);
  }
}
