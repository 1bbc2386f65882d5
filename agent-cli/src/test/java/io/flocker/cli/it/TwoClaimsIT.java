package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.Flocker;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.http.api.VolumeDocument;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page for the days on which two nodes claim a volume: every command of it. */
@Timeout(300)
class TwoClaimsIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final Path PAGE = Path.of("..", "agent-http", "TWO-CLAIMS.md");
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final Pattern GONE = Pattern.compile("(?m)^## The owner is gone$");
  private static final Pattern BACK = Pattern.compile("(?m)^## The owner comes back$");

  @Test
  void thePageIsTrue(@TempDir Path folder) throws Exception {
    String page = Files.readString(PAGE);
    String[] calm = GONE.split(page, 2);
    String[] gone = BACK.split(calm[1], 2);
    Files.copy(NODES.cluster().authorityFile(), folder.resolve("cluster.crt"));
    var _ = NODES.cluster().user("operator", CertifiedPermission.values()).save(folder, "operator");
    Path commands = makeCommand(folder);
    VolumeDocument volume = NODES.first().create("default.claimed");
    VolumeId id = volume.id();
    Files.writeString(TestNode.folder(volume).resolve("early"), "sent\n");
    var _ = NODES.first().push(id, NODES.second());
    Files.writeString(TestNode.folder(volume).resolve("late"), "never sent\n");

    try (Shell shell = new Shell(folder, commands)) {
      String before = shell.run(commands(calm[0]));
      assertTrue(before.contains("role       replica"), before);

      NODES.first().daemon().kill();
      String taken = shell.run(commands(gone[0]));
      assertTrue(taken.contains("urn:flocker:problem:peers-unanswered"), taken);
      assertTrue(taken.contains("\nowner\n"), taken);
      assertTrue(taken.contains("already"), taken);
      Await.until(
          "its mount", () -> NODES.second().volume(id).mountState() == MountStatus.State.MOUNTED);

      NODES.first().start();
      Await.until(
          "that the first node puts itself out",
          () -> NODES.first().volume(id).role() == Role.SUPERSEDED);
      String resolved = shell.run(commands(gone[1]));
      assertTrue(resolved.contains("kept what was here as default.claimed.superseded-"), resolved);
      assertTrue(resolved.contains("never sent\n"), resolved);
      assertEquals(List.of(), NODES.first().client().volumes());
    }
    var _ = NODES.second().push(id, NODES.first());
    assertEquals(Role.REPLICA, NODES.first().volume(id).role());
  }

  private static String commands(String text) {
    return COMMANDS
        .matcher(text)
        .results()
        .map(block -> block.group(1))
        .collect(Collectors.joining("\n"))
        .replace("10.0.0.1:4523", NODES.first().address())
        .replace("10.0.0.2:4523", NODES.second().address());
  }

  /** A {@code flocker} with the classes of the tests, in a folder of its own. */
  private static Path makeCommand(Path folder) throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path flocker = bin.resolve("flocker");
    Files.writeString(
        flocker,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Flocker.class.getName()));
    assertTrue(flocker.toFile().setExecutable(true));
    return bin;
  }

  /** A shell that is told what to do bit by bit. */
  private static final class Shell implements AutoCloseable {
    private static final String DONE = "-- done --";

    private final Process bash;
    private final BufferedReader said;

    Shell(Path folder, Path commands) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder("bash", "-eu").directory(folder.toFile()).redirectErrorStream(true);
      var _ =
          builder.environment().merge("PATH", commands.toString(), (old, ours) -> ours + ":" + old);
      bash = builder.start();
      said = bash.inputReader(UTF_8);
    }

    /** Runs commands to their end; fails where one of them does. */
    String run(String commands) throws IOException {
      bash.getOutputStream().write((commands + "\necho '" + DONE + "'\n").getBytes(UTF_8));
      bash.getOutputStream().flush();
      StringBuilder text = new StringBuilder();
      for (String line = said.readLine(); !DONE.equals(line); line = said.readLine()) {
        if (line == null) {
          throw new AssertionError("a command of the page has failed:\n" + text);
        }
        text.append(line).append('\n');
      }
      return text.toString();
    }

    @Override
    public void close() {
      bash.destroyForcibly();
    }
  }
}
