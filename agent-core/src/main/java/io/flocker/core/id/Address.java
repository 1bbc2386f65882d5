package io.flocker.core.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port: {@code host:port}, with an IPv6 address in brackets.
 *
 * @param host a DNS name or an IP address, without brackets
 * @param port from 0 to 65535; 0, with which nobody can connect, lets the kernel choose one
 */
public record Address(String host, int port) {
  private static final int MAX_PORT = 65_535;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<name>[^\\[\\]:]+)|\\[(?<ipv6>[^\\[\\]]+)]):(?<port>0|[1-9][0-9]{0,4})");

  public Address {
    if (!(isIpv6(host) ? isIpv6Literal(host) : NAME.matcher(host).matches())) {
      throw new IllegalArgumentException("'" + host + "' is no DNS name and no IP address");
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port is from 0 to " + MAX_PORT + ", not " + port);
    }
  }

  /**
   * Parses the {@code host:port} of a place to connect to.
   *
   * @throws IllegalArgumentException if {@code text} has another form, or its port is 0
   */
  @JsonCreator
  public static Address parse(String text) {
    Address address = parseListener(text);
    if (address.port == 0) {
      throw noAddress(text);
    }
    return address;
  }

  /**
   * Parses the {@code host:port} of a place to listen at.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  public static Address parseListener(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw noAddress(text);
    }
    String name = matcher.group("name");
    String host = name == null ? matcher.group("ipv6") : name;
    if ((name == null) != isIpv6(host)) {
      throw noAddress(text);
    }
    try {
      return new Address(host, Integer.parseInt(matcher.group("port")));
    } catch (IllegalArgumentException _) {
      throw noAddress(text);
    }
  }

  /** Whether somebody can connect to it: it is not all of a machine's addresses, and has a port. */
  public boolean isReachable() {
    return !isWildcard() && port != 0;
  }

  /** Whether it stands for all addresses of a machine, however that is written. */
  public boolean isWildcard() {
    try {
      return InetAddress.ofLiteral(host).isAnyLocalAddress();
    } catch (IllegalArgumentException _) {
      return false; // A name.
    }
  }

  /** Where HTTPS is served there. */
  public URI url() {
    return URI.create("https://" + this);
  }

  /** The same for a socket; its host's name is looked up here, which may take seconds. */
  public InetSocketAddress lookUp() {
    return new InetSocketAddress(host, port);
  }

  @JsonValue
  @Override
  public String toString() {
    return (isIpv6(host) ? "[" + host + "]" : host) + ":" + port;
  }

  private static boolean isIpv6(String host) {
    return host.contains(":");
  }

  private static boolean isIpv6Literal(String host) {
    try {
      Inet6Address.ofLiteral(host);
      return host.indexOf('%') < 0; // An interface's number means nothing on another machine.
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static IllegalArgumentException noAddress(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not <host>:<port>, for example 10.0.0.2:4523 or [fd00::2]:4523");
  }
}
