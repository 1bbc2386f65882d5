package io.flocker.core.os;

import io.flocker.core.storage.TestPools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network of nodes that can be parted: a network namespace for each, joined by a bridge at which
 * the test itself stays in touch with all of them.
 */
public final class TestNetwork implements AutoCloseable {
  /** Of the block for tests of network devices (RFC 2544), so that it is nobody's. */
  private static final String SUBNET =
      "198.18." + ThreadLocalRandom.current().nextInt(1, 255) + ".";

  /** Of those that are unique enough for one site (RFC 4193). */
  private static final String SUBNET6 =
      "fd%02x:%04x::"
          .formatted(
              ThreadLocalRandom.current().nextInt(1 << 8),
              ThreadLocalRandom.current().nextInt(1 << 16));

  /**
   * Where a node is.
   *
   * @param host its IPv4 address
   * @param host6 its IPv6 address
   * @param namespace its network namespace
   */
  public record Place(String host, String host6, Path namespace) {
    /** The command by which a process gets there. */
    public List<String> entry() {
      return List.of("nsenter", "--net=" + namespace);
    }
  }

  /** Of this network alone: the devices of the one before go a while after their namespaces. */
  private final String id = "%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));

  private final String bridge = "flkb" + id;
  private final List<String> namespaces = new ArrayList<>();
  private boolean isClosed;

  private TestNetwork() {}

  /** A network without nodes. Needs root. */
  public static TestNetwork create() throws IOException {
    TestNetwork network = new TestNetwork();
    Runtime.getRuntime().addShutdownHook(new Thread(network::abandon)); // TERM ends no test class.
    ip("link", "add", network.bridge, "type", "bridge");
    ip("address", "add", SUBNET + "1/24", "dev", network.bridge);
    ip("link", "set", network.bridge, "up");
    return network;
  }

  /** A place for one more node. */
  public Place add() throws IOException {
    int number = namespaces.size() + 2;
    String namespace = "flkn" + id + number;
    String inner = "flki" + id + number;
    String host = SUBNET + number;
    String host6 = SUBNET6 + number;
    ip("netns", "add", namespace);
    namespaces.add(namespace);
    ip("link", "add", port(namespace), "type", "veth", "peer", "name", inner);
    ip("link", "set", inner, "netns", namespace);
    ip("link", "set", port(namespace), "master", bridge);
    ip("link", "set", port(namespace), "up");
    ip("-n", namespace, "address", "add", host + "/24", "dev", inner);
    ip("-n", namespace, "address", "add", host6 + "/64", "dev", inner, "nodad");
    ip("-n", namespace, "link", "set", inner, "up");
    ip("-n", namespace, "link", "set", "lo", "up");
    return new Place(host, host6, Path.of("/run/netns", namespace));
  }

  /** Nodes reach each other no more, and are told nothing of it: packets vanish. */
  public void part() throws IOException {
    isolate("on");
  }

  /** Ends what {@link #part} began. */
  public void join() throws IOException {
    isolate("off");
  }

  private void isolate(String value) throws IOException {
    for (String namespace : namespaces) {
      ip("link", "set", "dev", port(namespace), "type", "bridge_slave", "isolated", value);
    }
  }

  private static String port(String namespace) {
    return namespace.replace("flkn", "flkp");
  }

  /**
   * Takes the devices along; processes that are in a namespace still keep what they have of it.
   * Idempotent.
   */
  @Override
  public synchronized void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    for (String namespace : namespaces) {
      ip("netns", "delete", namespace);
    }
    ip("link", "delete", bridge);
  }

  private void abandon() {
    try {
      close();
    } catch (IOException _) {
      // Nobody is left who could be told.
    }
  }

  private static void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    String said = TestPools.run(command.toArray(String[]::new));
    if (!said.isEmpty()) {
      throw new IOException(command + ": " + said);
    }
  }
}
