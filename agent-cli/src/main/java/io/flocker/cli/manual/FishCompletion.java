package io.flocker.cli.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions of one program for fish, see complete(1) of fish. One thread. */
final class FishCompletion {
  private static final String SEEN = "__fish_seen_subcommand_from ";

  private final String program;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String program) {
    this.program = program;
  }

  /** Writes the file. */
  static String of(CommandLine program) {
    CommandSpec spec = program.getCommandSpec();
    FishCompletion completion = new FishCompletion(spec.name());
    completion.command(spec, "");
    return String.join("\n", completion.lines) + "\n";
  }

  /**
   * Completes what follows a command.
   *
   * @param seen the condition that the command was given; empty for the program itself
   */
  private void command(CommandSpec command, String seen) {
    List<CommandSpec> children =
        command.subcommands().values().stream()
            .distinct()
            .map(CommandLine::getCommandSpec)
            .filter(child -> !child.usageMessage().hidden())
            .toList();
    ManualPage.ownOptions(command).forEach(option -> option(option, seen));
    String names = children.stream().map(CommandSpec::name).collect(Collectors.joining(" "));
    for (CommandSpec child : children) {
      String beforeIt = and(seen, "not " + SEEN + names);
      add(beforeIt, "--no-files --arguments " + child.name(), ManualPage.description(child));
      command(child, and(seen, SEEN + child.name()));
    }
  }

  private void option(OptionSpec option, String seen) {
    StringBuilder flags = new StringBuilder();
    for (String name : option.names()) {
      flags.append(name.startsWith("--") ? " --long-option " : " --short-option ");
      flags.append(name.replaceFirst("^-+", ""));
    }
    if (option.arity().max() > 0) {
      flags.append(" --require-parameter");
    }
    add(seen, flags.toString().strip(), ManualPage.description(option));
  }

  private void add(String condition, String what, List<String> description) {
    String where = condition.isEmpty() ? "" : " --condition " + quoted(condition);
    String told = description.isEmpty() ? "" : " --description " + quoted(description.getFirst());
    lines.add("complete --command " + program + where + " " + what + told);
  }

  private static String and(String one, String other) {
    return one.isEmpty() ? other : one + "; and " + other;
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replaceAll("\\s+", " ") + "'";
  }
}
