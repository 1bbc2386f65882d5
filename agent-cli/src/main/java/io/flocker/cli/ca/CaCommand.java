package io.flocker.cli.ca;

import io.flocker.cli.command.Version;
import io.flocker.cli.console.PlainText;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The program {@code flocker-ca}. One thread.
 *
 * <p>Its commands, files and exit statuses are those of Flocker 1.x, for the scripts that call it.
 */
@Command(
    name = "flocker-ca",
    description = "Makes the cluster's certificate authority and the certificates of its members.",
    subcommands = {
      InitializeCommand.class,
      ControlCertificateCommand.class,
      NodeCertificateCommand.class,
      LocalCertificateCommand.class,
      ApiCertificateCommand.class,
      BundleCommand.class,
      InviteCommand.class,
      RevokeCommand.class
    },
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused or failed, nothing was created; the reason is on standard error, after 'Error: '"
          + " or, when the command line is wrong, after the usage and 'ERROR: '"
    })
public final class CaCommand implements Runnable {
  private static final int FAILED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs and ends the process with the exit status. */
  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] args) {
    System.exit(new CaCommand().run(args, System.out, System.err));
  }

  /**
   * Runs one command line.
   *
   * @return its exit status: 0 when done, 1 when not
   */
  public int run(String[] args, PrintStream out, PrintStream err) {
    return new CommandLine(new CaCommand())
        .setOut(new PrintWriter(out, true, out.charset()))
        .setErr(new PrintWriter(err, true, err.charset()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Instant.class, CaCommand::instant)
        .registerConverter(NodeId.class, CaCommand::nodeId)
        .setParameterExceptionHandler(CaCommand::refuseUsage)
        .setExecutionExceptionHandler((failure, command, _) -> fail(failure, command))
        .execute(args);
  }

  /** Without a command there is nothing to do but help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static NodeId nodeId(String text) {
    try {
      return new NodeId(Uuids.parse("node", text));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw new TypeConversionException(
          "'" + text + "' is not a time such as 2026-01-02T03:04:05Z");
    }
  }

  private static int refuseUsage(ParameterException refused, String[] args) {
    CommandLine command = refused.getCommandLine();
    command.usage(command.getErr());
    command.getErr().println("ERROR: " + refused.getMessage());
    return FAILED;
  }

  private static int fail(Exception failure, CommandLine command) {
    ("Error: " + Objects.requireNonNullElse(failure.getMessage(), failure))
        .lines() // A line a mistake, or a command; in them may be what strangers have chosen.
        .map(PlainText::of)
        .forEach(command.getErr()::println);
    return FAILED;
  }
}
