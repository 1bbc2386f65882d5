package io.flocker.cli.manual;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flocker.cli.command.CommandEnvironment;
import io.flocker.cli.command.CommandTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ManualsTest {
  @TempDir private Path share;

  /** How a program ended, and all that it said. */
  private record Ran(int status, String said) {}

  @BeforeEach
  void write() throws IOException {
    Manuals.main(new String[] {share.toString()});
  }

  @Test
  void namesEveryCommandAndOption() throws Exception {
    String page = Files.readString(share.resolve("man/man1/flocker.1")).replace("\\-", "-");
    String fish = Files.readString(share.resolve("fish/vendor_completions.d/flocker.fish"));

    List<String> missing = new ArrayList<>();
    List<CommandLine> open = new ArrayList<>(program().getSubcommands().values());
    while (!open.isEmpty()) {
      CommandLine command = open.removeLast();
      open.addAll(command.getSubcommands().values());
      String name = command.getCommandSpec().qualifiedName();
      String section = section(page, name);
      if (section.isEmpty() || !fish.contains("--arguments " + command.getCommandName() + " ")) {
        missing.add(name);
      }
      for (OptionSpec option : command.getCommandSpec().options()) {
        boolean isOfAll = option.inherited() || option.usageHelp() || option.versionHelp();
        String where = isOfAll ? page : section;
        if (!where.contains("\\fB" + option.longestName() + "\\fR")
            || !fish.contains("-option " + option.longestName().replaceFirst("^-+", "") + " ")) {
          missing.add(name + " " + option.longestName());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"man1/flocker.1", "man1/flocker-ca.1", "man8/flockerd.8"})
  void writesPagesThatGroffReadsWithoutAWarning(String page) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "needs groff");

    // A word that is longer than a line is no fault.
    assertEquals(
        new Ran(0, ""),
        run(
            "groff",
            "-ww",
            "-W",
            "break",
            "-man",
            "-Tutf8",
            "-z",
            share.resolve("man/" + page).toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flocker", "flocker-ca"})
  void writesCompletionsThatBashReads(String program) throws Exception {
    assertEquals(new Ran(0, ""), run("bash", "-n", completions(program).toString()));
  }

  @Test
  @DisplayName("X10 completions name commands, options and values")
  void completesInBash() throws Exception {
    String script =
        """
        compopt() { :; }
        . %s
        COMP_WORDS=(flocker vol) COMP_CWORD=1 COMP_LINE='flocker vol' COMP_POINT=11
        _complete_flocker
        echo "${COMPREPLY[@]}"
        COMP_WORDS=(flocker volume cl) COMP_CWORD=2 COMP_LINE='flocker volume cl' COMP_POINT=17
        _complete_flocker
        echo "${COMPREPLY[@]}"
        """
            .formatted(completions("flocker"));

    assertEquals(new Ran(0, "volume\nclone\n"), run("bash", "-c", script));
  }

  @Test
  @DisplayName(
      "X10 completions name commands at the prompt of zsh, which has nothing to say of them")
  void completesInZsh() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "needs zsh");
    Path functions = Files.createDirectory(share.resolve("functions"));
    String installed = Files.readString(share.resolve("zsh/vendor-completions/_flocker"));
    Files.writeString(functions.resolve("_flocker"), installed.replace("/usr/share/", share + "/"));
    Path script = share.resolve("at-the-prompt");
    Files.writeString(
        script,
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "PS1= ; stty -echo; fpath=($1 \\$fpath); autoload -U compinit; compinit -u -D"
        zpty -w shell "flocker() { print -r -- \\"<\\$*>\\" }; print re''ady"
        zpty -r shell line '*ready*'
        zpty -n -w shell $'flocker vol\\t cl\\t x\\n'
        zpty -r shell line '*<*>*'
        print -r -- "$line"
        """);

    Ran ran = run("timeout", "120", "zsh", "-f", script.toString(), functions.toString());

    assertTrue(ran.said().contains("<volume clone x>"), ran::said);
    assertFalse(ran.said().contains("not found"), ran::said);
  }

  /** What a page says of a command, up to the next. */
  private static String section(String page, String command) {
    int begin = page.indexOf(".SS \"" + command + "\"\n");
    if (begin < 0) {
      return "";
    }
    int next = page.indexOf("\n.S", begin);
    return page.substring(begin, next < 0 ? page.length() : next);
  }

  private static CommandLine program() {
    return CommandTree.of(CommandEnvironment.ofProcess());
  }

  private Path completions(String program) {
    return share.resolve("bash-completion/completions").resolve(program);
  }

  private static Ran run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), said);
  }
}
