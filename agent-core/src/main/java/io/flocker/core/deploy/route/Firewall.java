package io.flocker.core.deploy.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A chain of others that drops whatever none of its rules accepts.
 *
 * @param family such as {@code ip}
 * @param hook {@code forward} or {@code input}
 * @param isDockers whether its table has the chain in which Docker leaves the first word to users
 */
record Firewall(String family, String table, String chain, String hook, boolean isDockers) {
  private static final Set<String> FAMILIES = Set.of("ip", "ip6", "inet");
  private static final Set<String> HOOKS = Set.of("forward", "input");
  private static final String OF_USERS = "DOCKER-USER";

  /** nft joins its arguments to one text: no other name is ever passed to it. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  /** Those of what {@code nft -j list chains} prints. */
  static List<Firewall> in(JsonNode listing) {
    List<Firewall> found = new ArrayList<>();
    Set<String> dockers = new HashSet<>();
    for (JsonNode object : listing.path("nftables")) {
      JsonNode chain = object.path("chain");
      if (text(chain, "name").equals(OF_USERS)) {
        dockers.add(text(chain, "family") + " " + text(chain, "table"));
      }
    }
    for (JsonNode object : listing.path("nftables")) {
      JsonNode chain = object.path("chain");
      String family = text(chain, "family");
      String table = text(chain, "table");
      Firewall firewall =
          new Firewall(
              family,
              table,
              text(chain, "name"),
              text(chain, "hook"),
              dockers.contains(family + " " + table));
      if (text(chain, "policy").equals("drop") && firewall.concernsRoutes()) {
        found.add(firewall);
      }
    }
    return found;
  }

  private static String text(JsonNode chain, String member) {
    return chain.path(member).asString("");
  }

  private boolean concernsRoutes() {
    return FAMILIES.contains(family)
        && HOOKS.contains(hook)
        && NAME.matcher(table).matches()
        && !Ruleset.TABLE.equals(family + " " + table);
  }

  /**
   * Whether a rule of its table looks for our mark; of rules that iptables made it is known only
   * that they look for some mark.
   *
   * @param text its table, as {@code nft list table} prints it
   */
  static boolean looksForTheMark(String text) {
    return text.contains("0x%08x".formatted(Ruleset.MARK)) || text.contains("xt match \"mark\"");
  }

  /** What to tell its owner. */
  String advice() {
    String what = hook.equals("forward") ? "routes to other nodes" : "open ports";
    return """
    The chain %s of table %s %s drops what none of its rules accepts, and none is known to \
    accept the mark of flockerd. Until one does %s may not work here; such a rule: %s\
    """
        .formatted(chain, family, table, what, rule());
  }

  private String rule() {
    if (family.equals("inet")) {
      return "nft insert rule inet %s %s meta mark and 0x%3$08x == 0x%3$08x accept"
          .formatted(table, chain, Ruleset.MARK);
    }
    return "%s -I %s -m mark --mark 0x%3$08x/0x%3$08x -j ACCEPT"
        .formatted(
            family.equals("ip") ? "iptables" : "ip6tables",
            isDockers && hook.equals("forward") ? OF_USERS : chain,
            Ruleset.MARK);
  }
}
