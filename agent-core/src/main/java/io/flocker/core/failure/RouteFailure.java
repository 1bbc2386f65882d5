package io.flocker.core.failure;

/** Why the ports of applications cannot lead to the nodes that run them. */
public enum RouteFailure implements Failure {
  ROUTES_UNAVAILABLE(
      503,
      Side.NODE,
      Retry.LATER,
      "This node cannot set routes",
      "Install nftables (its command is nft), and run flockerd as root or with CAP_NET_ADMIN."),
  ROUTES_TIMEOUT(
      503,
      Side.NODE,
      Retry.LATER,
      "The kernel's packet filter did not answer in time",
      "Look for stuck processes of nft or conntrack; the old routes or the new ones are in force,"
          + " never a part of them."),
  ROUTES_REFUSED(
      500,
      Side.NODE,
      Retry.LATER,
      "The kernel's packet filter refused the routes",
      "The problem holds the words of nft, the node's log the command; the old routes are in"
          + " force."),
  ROUTES_UNREADABLE(
      500,
      Side.NODE,
      Retry.NEVER,
      "The packet filter printed something that cannot be read",
      "Report the version of nft and the output."),
  PORT_RESERVED(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The port is flockerd's own",
      "Give the application another external port: nobody could reach this node any more.");

  private final Traits traits;

  RouteFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
