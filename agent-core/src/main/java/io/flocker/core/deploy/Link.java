package io.flocker.core.deploy;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How an application finds a port of another one: by variables of its environment, as Flocker had
 * them.
 *
 * @param localPort the port by which the variables are named, 1 to 65535
 * @param remotePort the external port that they lead to, 1 to 65535
 * @param alias what the variables begin with; letters, digits, {@code -} and {@code _}
 */
public record Link(int localPort, int remotePort, String alias) implements Comparable<Link> {
  private static final Pattern ALIAS = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");
  private static final Comparator<Link> ORDER =
      Comparator.comparing(Link::alias)
          .thenComparingInt(Link::localPort)
          .thenComparingInt(Link::remotePort);

  public Link {
    Port.require(localPort);
    Port.require(remotePort);
    if (!ALIAS.matcher(alias).matches()) {
      throw new IllegalArgumentException(
          "an alias is of letters, digits, '-' and '_', not '" + alias + "'");
    }
  }

  /** What its variables begin with; two links of an application have two. */
  String prefix() {
    return alias.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT_" + localPort + "_TCP";
  }

  /**
   * The variables that tell of it.
   *
   * @param host where the remote port answers; any node of the cluster will do
   */
  public Map<String, String> environment(String host) {
    Map<String, String> variables = new TreeMap<>();
    variables.put(prefix(), "tcp://" + host + ":" + remotePort);
    variables.put(prefix() + "_ADDR", host);
    variables.put(prefix() + "_PORT", String.valueOf(remotePort));
    variables.put(prefix() + "_PROTO", "tcp");
    return variables;
  }

  /** By alias, then by ports. */
  @Override
  public int compareTo(Link other) {
    return ORDER.compare(this, other);
  }
}
