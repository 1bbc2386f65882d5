package io.flocker.cli.command;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_DESCRIPTION;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_SYNOPSIS;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Which commands there are, for who does not know them: in groups in the help of {@code flocker},
 * and on standard error where a command line ends before it has named one.
 */
final class CommandGroups implements IExecutionStrategy {
  /** What the commands are for, and their names, in the order of the help. */
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  /** What stands in the help before its options. */
  private static final List<String> OVERVIEW =
      List.of(
          SECTION_KEY_SYNOPSIS_HEADING,
          SECTION_KEY_SYNOPSIS,
          SECTION_KEY_DESCRIPTION,
          SECTION_KEY_COMMAND_LIST_HEADING,
          SECTION_KEY_COMMAND_LIST);

  static {
    GROUPS.put("To begin", List.of("init", "node", "peer"));
    GROUPS.put("Volumes, and what runs with them", List.of("volume", "deploy", "operation"));
    GROUPS.put("How it is", List.of("status", "check", "events", "logs"));
    GROUPS.put("When something is wrong", List.of("doctor", "support-bundle"));
    GROUPS.put("For other programs", List.of("nomad-host-volume"));
  }

  private CommandGroups() {}

  /** Has {@code program} show its commands so. */
  static void in(CommandLine program) {
    program.getHelpSectionMap().put(SECTION_KEY_COMMAND_LIST_HEADING, _ -> "");
    program.getHelpSectionMap().put(SECTION_KEY_COMMAND_LIST, CommandGroups::list);
    program.setExecutionStrategy(new CommandGroups());
  }

  @Override
  public int execute(ParseResult line) {
    @Nullable Integer helped = CommandLine.executeHelpRequest(line);
    if (helped != null) {
      return helped;
    }
    CommandLine named = line.asCommandLineList().getLast();
    if (named.getSubcommands().isEmpty() || named.getCommand() instanceof Callable<?>) {
      return new RunLast().execute(line);
    }
    PrintWriter err = named.getErr();
    Help help = named.getHelp();
    OVERVIEW.stream()
        .map(named.getHelpSectionMap()::get)
        .filter(Objects::nonNull)
        .forEach(section -> err.print(section.render(help)));
    err.println("Try '%s --help'.".formatted(named.getCommandSpec().qualifiedName()));
    err.flush();
    return ExitCode.USAGE;
  }

  private static String list(Help help) {
    StringBuilder text = new StringBuilder();
    GROUPS.forEach((heading, names) -> {
      Map<String, Help> group = new LinkedHashMap<>();
      names.stream()
          .filter(help.subcommands()::containsKey)
          .forEach(name -> group.put(name, help.subcommands().get(name)));
      if (!group.isEmpty()) {
        text.append("%n%s:%n".formatted(heading)).append(help.commandList(group));
      }
    });
    return text.append(System.lineSeparator()).toString();
  }
}
