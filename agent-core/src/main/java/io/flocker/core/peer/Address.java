package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node listens: {@code host:port}, with an IPv6 address in brackets.
 *
 * @param host a DNS name or an IP address, without brackets
 * @param port from 1 to 65535
 */
public record Address(String host, int port) {
  private static final int MAX_PORT = 65_535;
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}";
  private static final String IPV6 = "[0-9A-Fa-f:.]{2,45}";
  private static final Pattern HOST = Pattern.compile(NAME + "|" + IPV6);
  private static final Pattern FORM =
      Pattern.compile("(?:(" + NAME + ")|\\[(?<ipv6>" + IPV6 + ")]):(?<port>[1-9][0-9]{0,4})");

  public Address {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("'" + host + "' is no DNS name and no IP address");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port is from 1 to " + MAX_PORT + ", not " + port);
    }
  }

  /**
   * Parses {@code host:port}.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  @JsonCreator
  public static Address parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an address is <host>:<port>, for example 10.0.0.2:4523 or [fd00::2]:4523, not '"
              + text
              + "'");
    }
    String ipv6 = matcher.group("ipv6");
    return new Address(
        ipv6 == null ? matcher.group(1) : ipv6, Integer.parseInt(matcher.group("port")));
  }

  @JsonValue
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
