package io.flocker.core.deploy.route;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The two kinds of addresses, each with rules of its own. */
enum Family {
  IPV4("ip", "4", "ipv4"),
  IPV6("ip6", "6", "ipv6");

  private final String word;
  private final String digit;
  private final String conntrack;

  Family(String word, String digit, String conntrack) {
    this.word = word;
    this.digit = digit;
    this.conntrack = conntrack;
  }

  static Family of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  /** As nft calls it. */
  String word() {
    return word;
  }

  /** As conntrack(8) calls it. */
  String conntrack() {
    return conntrack;
  }

  /** The map from protocol and port to the node's address. */
  String routes() {
    return "routes" + digit;
  }

  /** The set of where routes lead: address, protocol and port. */
  String targets() {
    return "targets" + digit;
  }

  /** What people call it. */
  @Override
  public String toString() {
    return "IPv" + digit;
  }
}
