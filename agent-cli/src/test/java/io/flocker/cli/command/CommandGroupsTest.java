package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.NoTerminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandGroupsTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void whoNamesNoCommandIsToldOfAllOfThem() {
    assertEquals(ExitCode.USAGE, flocker());

    List<String> said = err.toString().lines().toList();
    assertEquals("", out.toString());
    assertTrue(said.getFirst().startsWith("Usage: flocker "), err.toString());
    assertTrue(said.contains("To begin:"), err.toString());
    assertFalse(err.toString().contains("--url URL"), err.toString());
    assertEquals("Try 'flocker --help'.", said.getLast());
    Set<String> all = CommandTree.of(environment()).getCommandSpec().subcommands().keySet();
    List<String> missing =
        all.stream()
            .filter(name -> said.stream().noneMatch(line -> line.startsWith("  " + name + " ")))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void theHelpHasThemInTheSameGroups() {
    assertEquals(0, flocker("--help"));

    assertTrue(out.toString().lines().anyMatch("To begin:"::equals), out.toString());
    assertTrue(out.toString().contains("--url=URL"), out.toString());
  }

  @Test
  void whoNamesACommandOfSeveralIsToldOfThese() {
    assertEquals(ExitCode.USAGE, flocker("volume"));

    List<String> said = err.toString().lines().toList();
    assertTrue(said.getFirst().startsWith("Usage: flocker volume "), err.toString());
    assertTrue(said.stream().anyMatch(line -> line.startsWith("  create ")), err.toString());
    assertEquals("Try 'flocker volume --help'.", said.getLast());
  }

  private int flocker(String... arguments) {
    return CommandTree.run(environment(), arguments);
  }

  private CommandEnvironment environment() {
    return new CommandEnvironment(
        Map.of(), folder, new PrintWriter(out), new PrintWriter(err), new NoTerminal());
  }
}
