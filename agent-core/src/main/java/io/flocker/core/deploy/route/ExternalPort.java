package io.flocker.core.deploy.route;

import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Protocol;
import java.util.Comparator;

/**
 * A port at which nodes answer.
 *
 * @param number 1 to 65535
 */
public record ExternalPort(Protocol protocol, int number) implements Comparable<ExternalPort> {
  private static final Comparator<ExternalPort> ORDER =
      Comparator.comparing(ExternalPort::protocol).thenComparingInt(ExternalPort::number);

  public ExternalPort {
    if (number < 1 || number > Port.MAX) {
      throw new IllegalArgumentException("a port is from 1 to " + Port.MAX + ", not " + number);
    }
  }

  /** By protocol, then by number. */
  @Override
  public int compareTo(ExternalPort other) {
    return ORDER.compare(this, other);
  }

  /** As people write it, such as {@code 8080/tcp}. */
  @Override
  public String toString() {
    return number + "/" + protocol;
  }
}
