package io.flocker.cli.command;

import io.flocker.core.config.Quantity;
import io.flocker.core.id.Address;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.volume.VolumeName;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** {@code flocker} with all that follows it on a command line. */
@Command(
    name = "flocker",
    description = "Asks a node of the cluster about its volumes, and moves them.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    abbreviateSynopsis = true,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the node refused or failed; its problem is on standard error",
      "2:the command line, or a file that it names, is wrong",
      "3:the node cannot be reached, or what answers is no flockerd",
      "130:interrupted; an operation on the node goes on",
      "141:nobody reads its output any more; an operation on the node goes on"
    })
public final class CommandTree {
  private CommandTree() {}

  /** The program, ready to execute. */
  public static CommandLine of(CommandEnvironment environment) {
    Session session = new Session(environment);
    CommandLine program = new CommandLine(new CommandTree());
    program.getCommandSpec().addMixin("session", CommandSpec.forAnnotatedObject(session));
    program
        .addSubcommand(new NodeCommand(session))
        .addSubcommand(new StatusCommand(session))
        .addSubcommand(new CheckCommand(session))
        .addSubcommand(new DeployCommand(session))
        .addSubcommand(new DoctorCommand(session))
        .addSubcommand(new SupportBundleCommand(session))
        .addSubcommand(new PeerCommands(session))
        .addSubcommand(new VolumeCommands(session))
        .addSubcommand(new OperationCommands(session))
        .addSubcommand(new EventsCommand(session))
        .addSubcommand(new NomadHostVolumeCommands(session))
        .setOut(environment.out())
        .setErr(environment.err())
        .setCaseInsensitiveEnumValuesAllowed(true);
    if (!environment.terminal().interactive()) {
      program.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }
    convert(program, NodeReference.class, NodeReference::parse);
    convert(program, VolumeId.class, VolumeId::parse);
    convert(program, VolumeName.class, VolumeName::parse);
    convert(program, VolumeReference.class, VolumeReference::parse);
    convert(program, Quota.class, Quota::parse);
    convert(program, InitialReplication.class, InitialReplication::parse);
    convert(program, OnDivergence.class, OnDivergence::parse);
    convert(program, Duration.class, Quantity::duration);
    convert(program, RetentionRules.class, RetentionText::parse);
    convert(program, Address.class, Address::parse);
    convert(program, URI.class, NodeAddress::parse);
    convert(program, OperationReference.class, OperationReference::parse);
    return program
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new Failures(session));
  }

  private static <T> void convert(CommandLine program, Class<T> type, Function<String, T> parser) {
    ITypeConverter<T> converter =
        text -> {
          try {
            return parser.apply(text);
          } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
          }
        };
    program.registerConverter(type, converter);
  }
}
