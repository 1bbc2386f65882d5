package io.flocker.core.deploy.plan;

/** Where containers of this node find the remote ports of their links. */
final class LinkHost {
  private LinkHost() {}

  /** This node itself, by the first of its addresses: each port answers on every node. */
  static String of(Discovery discovery) {
    return discovery.addresses().isEmpty()
        ? "localhost"
        : discovery.addresses().getFirst().host();
  }
}
