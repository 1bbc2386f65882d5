package io.flocker.cli.manual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one program with all its commands, as man(7) has it. One thread. */
final class ManualPage {
  /** So wide that a synopsis is one line, which the reader's terminal breaks. */
  private static final int ONE_LINE = 10_000;

  private final StringBuilder page = new StringBuilder();

  private ManualPage() {}

  /**
   * Writes a page.
   *
   * @param section 1 for what users run, 8 for daemons
   */
  static String of(CommandLine program, int section, String version) {
    ManualPage manual = new ManualPage();
    manual.program(program.getCommandSpec(), section, version);
    return manual.page.toString();
  }

  private void program(CommandSpec program, int section, String version) {
    String name = program.name();
    request(".TH", name.toUpperCase(Locale.ROOT), Integer.toString(section), "", version);
    page.append(".ad l\n"); // Long words of options leave holes in what is adjusted.
    request(".SH", "NAME");
    text(name + " - " + description(program).getFirst());
    request(".SH", "SYNOPSIS");
    text(synopsis(program));
    request(".SH", "DESCRIPTION");
    paragraphs(description(program));
    request(".SH", "OPTIONS");
    arguments(program);
    List<CommandSpec> commands = below(program);
    if (!commands.isEmpty()) {
      request(".SH", "COMMANDS");
      commands.forEach(this::command);
    }
    Map<String, String> codes = program.usageMessage().exitCodeList();
    if (!codes.isEmpty()) {
      request(".SH", "EXIT STATUS");
      codes.forEach((code, meaning) -> tagged(escape(code.strip()), List.of(plain(meaning))));
    }
  }

  private void command(CommandSpec command) {
    request(".SS", command.qualifiedName());
    text(synopsis(command));
    request(".PP");
    paragraphs(description(command));
    arguments(command);
  }

  /** Those that are not of a command above it. */
  private void arguments(CommandSpec command) {
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!parameter.hidden()) {
        tagged("\\fI" + escape(parameter.paramLabel()) + "\\fR", description(parameter));
      }
    }
    for (OptionSpec option : ownOptions(command)) {
      String names =
          Arrays.stream(option.names())
              .map(name -> "\\fB" + escape(name) + "\\fR")
              .collect(Collectors.joining(", "));
      String value =
          option.arity().max() == 0 ? "" : "=\\fI" + escape(option.paramLabel()) + "\\fR";
      tagged(names + value, description(option));
    }
  }

  /** Without those that every command has. */
  static List<OptionSpec> ownOptions(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden() && !option.inherited())
        .filter(option -> command.parent() == null || !(option.usageHelp() || option.versionHelp()))
        .toList();
  }

  /** All commands below one, each before those below it. */
  static List<CommandSpec> below(CommandSpec command) {
    List<CommandSpec> all = new ArrayList<>();
    for (CommandLine child : command.subcommands().values().stream().distinct().toList()) {
      if (!child.getCommandSpec().usageMessage().hidden()) {
        all.add(child.getCommandSpec());
        all.addAll(below(child.getCommandSpec()));
      }
    }
    return all;
  }

  /** What a command does, a text for each paragraph. */
  static List<String> description(CommandSpec command) {
    List<String> texts =
        Arrays.stream(command.usageMessage().description()).map(ManualPage::plain).toList();
    return texts.isEmpty() ? List.of(command.name()) : texts;
  }

  /** What an option or a parameter means. */
  static List<String> description(ArgSpec argument) {
    return Arrays.stream(argument.description()).map(ManualPage::plain).toList();
  }

  private static String synopsis(CommandSpec command) {
    command.usageMessage().width(ONE_LINE).autoWidth(false);
    Help help = new Help(command, Help.defaultColorScheme(Ansi.OFF));
    return help.synopsis(0).strip();
  }

  /** Picocli's texts are formats, with its own markup in them. */
  private static String plain(String text) {
    return Ansi.OFF.string(text.formatted()).strip();
  }

  private void paragraphs(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        request(".PP");
      }
      text(texts.get(i));
    }
  }

  private void tagged(String tag, List<String> texts) {
    page.append(".TP\n").append(tag).append('\n');
    text(texts.isEmpty() ? "" : String.join(" ", texts));
  }

  private void text(String text) {
    // A line of no characters would be an empty line of the page.
    page.append(text.isEmpty() ? "\\&" : escape(text)).append('\n');
  }

  private void request(String name, String... arguments) {
    page.append(name);
    for (String argument : arguments) {
      page.append(" \"").append(escape(argument).replace("\"", "\\(dq")).append('"');
    }
    page.append('\n');
  }

  /**
   * What roff would take for its own, a backslash or a dot or quote at a line's begin, is said; a
   * list without blanks may be broken.
   */
  private static String escape(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replaceAll("(?m)^(?=[.'])", "\\\\&")
        .replaceAll(",(?=\\S)", ",\\\\:")
        .replaceAll("\\n\\s*", "\n");
  }
}
