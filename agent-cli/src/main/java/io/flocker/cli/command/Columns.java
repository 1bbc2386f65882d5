package io.flocker.cli.command;

import io.flocker.cli.console.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which columns of a table are printed. */
final class Columns {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--columns",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "Print these columns of the table alone, in this order, such as name,used; a hyphen"
              + " stands for a blank")
  private List<String> columns = new ArrayList<>();

  /**
   * The lines of what is wanted of a table.
   *
   * @throws ParameterException if it has no such column
   */
  List<String> of(Table table) {
    try {
      return columns.isEmpty() ? table.lines() : table.lines(columns);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }
}
