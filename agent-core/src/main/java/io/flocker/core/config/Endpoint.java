package io.flocker.core.config;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port; {@code host:port}, an IPv6 address in brackets.
 *
 * @param host a DNS name or an IP address without brackets
 * @param port from 0 to 65535; 0 lets the kernel choose
 */
public record Endpoint(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([0-9a-zA-Z._-]+)):([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  /**
   * Parses {@code host:port}.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  public static Endpoint parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
      throw new IllegalArgumentException(
          "is <host>:<port>, for example 10.0.0.1:4523 or [2001:db8::1]:4523, not '" + text + "'");
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new Endpoint(host, Integer.parseInt(matcher.group(3)));
  }

  /**
   * Whether it stands for all addresses of this machine, however it is written, so that nobody can
   * connect to it.
   */
  public boolean isWildcard() {
    try {
      return InetAddress.ofLiteral(host).isAnyLocalAddress();
    } catch (IllegalArgumentException _) {
      return false; // A name.
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
