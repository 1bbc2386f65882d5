package io.flocker.core.deploy;

import java.util.Comparator;

/**
 * A port of an application that the whole cluster can reach.
 *
 * @param internal where the application listens in its container, 1 to 65535
 * @param external where every node answers, 1 to 65535
 * @param protocol tcp where JSON does not say
 */
public record Port(int internal, int external, Protocol protocol) implements Comparable<Port> {
  /** The highest port that there is. */
  public static final int MAX = 65_535;

  private static final Comparator<Port> ORDER =
      Comparator.comparingInt(Port::internal)
          .thenComparingInt(Port::external)
          .thenComparing(Port::protocol);

  public Port {
    require(internal);
    require(external);
    protocol = protocol == null ? Protocol.TCP : protocol;
  }

  /** A port where TCP is spoken. */
  public static Port tcp(int internal, int external) {
    return new Port(internal, external, Protocol.TCP);
  }

  /**
   * Makes sure that there is such a port.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int require(int port) {
    if (port < 1 || port > MAX) {
      throw new IllegalArgumentException("a port is from 1 to " + MAX + ", not " + port);
    }
    return port;
  }

  /** By internal, then by external port. */
  @Override
  public int compareTo(Port other) {
    return ORDER.compare(this, other);
  }

  /** What no two applications of a cluster may both have. */
  String externalText() {
    return external + "/" + protocol;
  }
}
