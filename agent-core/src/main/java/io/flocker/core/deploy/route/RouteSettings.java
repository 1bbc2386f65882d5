package io.flocker.core.deploy.route;

import java.time.Duration;
import java.util.Set;

/**
 * How the packet filter is asked.
 *
 * @param nft the command, a path or a name that is looked up on PATH
 * @param conntrack likewise; without it senders of datagrams keep their old way for up to two
 *     minutes after a route changed
 * @param deadline of one command
 * @param reserved ports that are never led away: those at which this node itself is reached
 */
public record RouteSettings(
    String nft, String conntrack, Duration deadline, Set<ExternalPort> reserved) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  public RouteSettings {
    reserved = Set.copyOf(reserved);
  }

  /** Commands by their names. */
  public static RouteSettings reserving(Set<ExternalPort> reserved) {
    return new RouteSettings("nft", "conntrack", DEADLINE, reserved);
  }
}
