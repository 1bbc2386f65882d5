package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flocker.core.os.TestNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README says of two real hosts, and OPERATIONS.md of what happens to them, on two
 * machines with a systemd and a ZFS each.
 */
@Timeout(900)
class HostsIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path HOST = Path.of("src/test/packages/host").toAbsolutePath();
  private static final Pattern LINES = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final int MOST_LINES = 12;

  /** The blocks of OPERATIONS.md, in their order. */
  private static final List<String> OPERATIONS =
      List.of("kept", "taken-over", "back", "made-anew", "pool-lost", "moved-in");

  @TempDir private Path shared;

  @Test
  @DisplayName("Two hosts are made, lose a system disk and a pool, and come back, word for word")
  void areMadeAndComeBack() throws Exception {
    Optional<Path> deb = deb();
    assumeTrue(deb.isPresent(), "needs packages: build with -Ppackages");
    List<String> first = blocks(section("### Two real hosts\n"));
    assertTrue(first.stream().flatMap(String::lines).count() <= MOST_LINES);
    share(List.of("both", "one"), first);
    share(OPERATIONS, blocks(Files.readString(Path.of("OPERATIONS.md"))));
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", shared.resolve("id").toString());

    try (TestNetwork network = TestNetwork.create()) {
      TestNetwork.Place one = network.add();
      TestNetwork.Place two = network.add();
      Files.writeString(
          shared.resolve("hosts"), "%s node1\n%s node2\n".formatted(one.host(), two.host()));
      Path told = shared.resolve("told-2");
      Process other = start("node2", two, deb.get(), told);
      Path toldFirst = shared.resolve("told-1");
      int status = start("node1", one, deb.get(), toldFirst).waitFor();
      int otherStatus = other.waitFor();
      String all = Files.readString(toldFirst) + Files.readString(told);
      assertEquals(0, status, all);
      assertEquals(0, otherStatus, all);
    }
  }

  private Process start(String name, TestNetwork.Place place, Path deb, Path told)
      throws IOException {
    return new ProcessBuilder(
            "../init/with-systemd",
            "-n",
            place.namespace().toString(),
            "-m",
            name,
            "-b",
            TARGET + ":" + TARGET,
            "-b",
            HOST.getParent() + ":" + HOST.getParent(),
            "-b",
            shared + ":" + shared,
            HOST.toString(),
            name,
            shared.toString(),
            deb.toString())
        .redirectErrorStream(true)
        .redirectOutput(told.toFile())
        .start();
  }

  private static String section(String heading) throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int begin = readme.indexOf(heading);
    return readme.substring(begin, readme.indexOf("\n##", begin + heading.length()));
  }

  private static List<String> blocks(String markdown) {
    return LINES.matcher(markdown).results().map(block -> block.group(1)).toList();
  }

  private void share(List<String> names, List<String> scripts) throws IOException {
    assertEquals(names.size(), scripts.size());
    for (int i = 0; i < names.size(); i++) {
      Files.writeString(shared.resolve(names.get(i) + ".sh"), scripts.get(i));
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", List.of(command)) + ": " + said);
  }

  private static Optional<Path> deb() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files.filter(file -> file.toString().endsWith(".deb")).findFirst();
    }
  }
}
