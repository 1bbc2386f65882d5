package io.flocker.cli.command;

import io.flocker.core.config.Quantity;
import io.flocker.core.id.Address;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeReference;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
  /** By their names, in the order of the help. */
  private static final Map<String, Function<Session, Object>> SUBCOMMANDS = new LinkedHashMap<>();

  static {
    SUBCOMMANDS.put("init", InitCommand::new);
    SUBCOMMANDS.put("node", NodeCommand::new);
    SUBCOMMANDS.put("status", StatusCommand::new);
    SUBCOMMANDS.put("check", CheckCommand::new);
    SUBCOMMANDS.put("deploy", DeployCommand::new);
    SUBCOMMANDS.put("doctor", DoctorCommand::new);
    SUBCOMMANDS.put("support-bundle", SupportBundleCommand::new);
    SUBCOMMANDS.put("peer", PeerCommands::new);
    SUBCOMMANDS.put("volume", VolumeCommands::new);
    SUBCOMMANDS.put("operation", OperationCommands::new);
    SUBCOMMANDS.put("events", EventsCommand::new);
    SUBCOMMANDS.put("logs", LogsCommand::new);
    SUBCOMMANDS.put("nomad-host-volume", NomadHostVolumeCommands::new);
  }

  private CommandTree() {}

  /** The program with all its commands, ready to execute. */
  public static CommandLine of(CommandEnvironment environment) {
    return of(environment, SUBCOMMANDS.values());
  }

  /**
   * Executes one command line. Where it begins with a command the others are not made, which would
   * take longer than the rest.
   *
   * @return the exit code
   */
  public static int run(CommandEnvironment environment, String... arguments) {
    @Nullable Function<Session, Object> asked =
        arguments.length == 0 ? null : SUBCOMMANDS.get(arguments[0]);
    return of(environment, asked == null ? SUBCOMMANDS.values() : List.of(asked))
        .execute(arguments);
  }

  private static CommandLine of(
      CommandEnvironment environment, Collection<Function<Session, Object>> subcommands) {
    Session session = new Session(environment);
    CommandLine program = new CommandLine(new CommandTree());
    program.getCommandSpec().addMixin("session", CommandSpec.forAnnotatedObject(session));
    subcommands.forEach(subcommand -> program.addSubcommand(subcommand.apply(session)));
    program
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
    CommandGroups.in(program);
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
            // Written for settings, whose name comes before it.
            String why = String.valueOf(e.getMessage());
            throw new TypeConversionException(why.startsWith("is ") ? "it " + why : why);
          }
        };
    program.registerConverter(type, converter);
  }
}
