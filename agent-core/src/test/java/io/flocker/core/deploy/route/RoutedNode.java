package io.flocker.core.deploy.route;

import io.flocker.core.os.NamespaceThreads;
import io.flocker.core.os.TestNetwork.Place;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.TestPools;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network namespace as a node with routes of its own, and a packet filter of its own. */
final class RoutedNode {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  final Place place;
  final NamespaceThreads threads;
  final Nftables routes;
  private final Map<String, Integer> commands = new ConcurrentHashMap<>();

  /**
   * A node that routes nothing yet.
   *
   * @param folder of its own, for its programs
   */
  RoutedNode(Place place, Path folder) throws IOException {
    this.place = place;
    this.threads = new NamespaceThreads(place.namespace());
    // What passes packets on is looked at from inside, by a test of its own.
    Path proc = Files.createDirectories(folder.resolve("proc"));
    for (String setting : List.of("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding")) {
      Path file = proc.resolve("sys").resolve(setting);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "1\n");
    }
    List<InetAddress> own =
        List.of(InetAddress.ofLiteral(place.host()), InetAddress.ofLiteral(place.host6()));
    this.routes =
        new Nftables(
            new RouteSettings(
                inside(folder, "nft"), inside(folder, "conntrack"), DEADLINE, Set.of()),
            new StuckChildren(),
            (command, _) -> commands.merge(command, 1, Integer::sum),
            new Forwarding(proc),
            () -> own);
  }

  /** How many of the commands changed something. */
  int changes() {
    return commands.getOrDefault("nft -f", 0);
  }

  /** Runs nft as an operator would, and returns all that it says. */
  String nft(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(place.entry());
    command.add("nft");
    command.addAll(List.of(arguments));
    return TestPools.run(command.toArray(String[]::new));
  }

  private String inside(Path folder, String program) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(program),
            "#!/bin/sh\nexec %s %s \"$@\"\n".formatted(String.join(" ", place.entry()), program));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }
}
