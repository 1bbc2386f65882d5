package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Those who build on the API: people with curl. */
class ApiUsersIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final Path TUTORIAL = Path.of("..", "agent-http", "TUTORIAL.md");
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @Test
  void theTutorialIsTrue(@TempDir Path folder) throws Exception {
    Files.copy(NODES.cluster().authorityFile(), folder.resolve("cluster.crt"));
    var _ = NODES.cluster().user("alice").save(folder, "alice");
    String commands =
        COMMANDS
            .matcher(Files.readString(TUTORIAL))
            .results()
            .map(block -> block.group(1))
            .collect(Collectors.joining("\n"))
            .replace("10.0.0.1:4523", NODES.first().address())
            .replace("10.0.0.2:4523", NODES.second().address());
    Files.writeString(folder.resolve("tutorial.sh"), commands);
    Path output = folder.resolve("output");

    Process shell =
        new ProcessBuilder("bash", "-eu", "tutorial.sh")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    String said = shell.waitFor() + "\n" + Files.readString(output);
    assertTrue(said.startsWith("0\n"), said);
    assertTrue(said.contains("urn:flocker:problem:not-owner"), said);
    assertTrue(said.endsWith("\nowner\nhello from the first node\n"), said);
  }
}
