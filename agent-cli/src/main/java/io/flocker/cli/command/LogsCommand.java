package io.flocker.cli.command;

import io.flocker.cli.console.Paint;
import io.flocker.cli.logs.LogFiles;
import io.flocker.cli.logs.LogFilter;
import io.flocker.cli.logs.LogReading;
import io.flocker.cli.logs.Mention;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.log.LogLevel;
import io.flocker.core.log.LogTarget;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.state.DurableFile;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flocker logs}. */
@Command(
    name = "logs",
    description = {
      "Prints what flockerd has logged: each piece of work as a tree, once it has ended, with how"
          + " long its parts took. Of the daemon on this machine, or of files, of several nodes by"
          + " their clocks.",
      "What is asked for by --volume, --operation or --peer is looked for in all that a piece of"
          + " work says, which is printed whole."
    })
final class LogsCommand implements Callable<Integer> {
  private static final String UNIT = "flockerd";
  private static final Path STDIN = Path.of("-");

  private final Session session;

  @Spec private CommandSpec command = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "Logs to read, - for standard input; else where the settings have this machine's flockerd"
              + " log: its file, or the journal")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = {"-f", "--follow"},
      description =
          "Message by message from now on, or from --since on, until it is interrupted; goes on"
              + " where a file is moved away and begun anew")
  private boolean isFollowing;

  @Option(
      names = "--volume",
      paramLabel = "VOLUME",
      description = "Only what is about this volume, by name or id")
  private @Nullable VolumeReference volume;

  @Option(
      names = "--operation",
      paramLabel = "OPERATION",
      description = "Only what is about this operation, by its id, which may be cut short")
  private @Nullable OperationReference operation;

  @Option(
      names = "--peer",
      paramLabel = "NODE",
      description = "Only what is about this node, by name or uuid; by a name, the node is asked")
  private @Nullable NodeReference peer;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only what happened since: 10m or 2h ago, or a time such as 2026-11-27T18:00")
  private @Nullable String since;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description =
          "The least that is printed: debug, info, the default, warn or error; what a flockerd"
              + " writes down is its own setting, log.level")
  private LogLevel level = LogLevel.INFO;

  @Option(names = "--utc", description = "Times in UTC; else in the time zone of this machine")
  private boolean isUtc;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The settings of flockerd; else /etc/flocker/flockerd.yml")
  private @Nullable Path settings;

  LogsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (session.format() == OutputFormat.YAML) {
      throw new ParameterException(
          command.commandLine(), "a log is printed for people or as JSON, one message a line");
    }
    CommandEnvironment environment = session.environment();
    ZoneId zone = isUtc ? ZoneOffset.UTC : ZoneId.systemDefault();
    Instant from = since == null ? Instant.MIN : PastTime.parse(since, Instant.now(), zone);
    LogFilter filter = new LogFilter(mentions(), from, level);
    Paint paint = Paint.of(environment.terminal(), environment.variables());
    LogReading.Manner manner =
        new LogReading.Manner(
            filter, isFollowing, session.isDocument(), zone, paint, session.knownNames()::of);
    if (isFollowing) {
      environment.endOnceUnread();
    }
    PrintWriter out = environment.out();
    Map<String, InputStream> logs = new LinkedHashMap<>();
    try {
      open(from, logs);
      LogReading.read(logs, manner, out::println);
      out.flush();
      return ExitCode.DONE;
    } catch (IOException e) {
      out.flush();
      String file = e instanceof FileSystemException which ? which.getFile() + ": " : "";
      session.complain("flocker: the log cannot be read: " + file + DurableFile.reason(e));
      return ExitCode.USAGE;
    } finally {
      for (InputStream log : logs.values()) {
        log.close();
      }
    }
  }

  private void open(Instant from, Map<String, InputStream> logs)
      throws IOException, ConfigurationException {
    boolean isWhole = !from.equals(Instant.MIN);
    for (Map.Entry<String, Path> file : LogFiles.named(files).entrySet()) {
      logs.put(file.getKey(), file(file.getValue(), isWhole));
    }
    if (files.isEmpty()) {
      Path configuration =
          settings == null ? session.environment().folder().resolve("flockerd.yml") : settings;
      LogTarget target = NodeConfiguration.read(configuration).log().target();
      logs.put(
          UNIT,
          target instanceof LogTarget.File(Path path)
              ? own(path, from)
              : LogFiles.journal(UNIT, isFollowing, from));
    }
  }

  private InputStream own(Path path, Instant from) throws IOException {
    return from.equals(Instant.MIN)
        ? file(path, /* isWhole= */ false)
        : LogFiles.openSince(path, from, isFollowing);
  }

  private InputStream file(Path path, boolean isWhole) throws IOException {
    if (path.equals(STDIN)) {
      return System.in;
    }
    return isFollowing ? LogFiles.follow(path, isWhole) : LogFiles.open(path);
  }

  private List<Mention> mentions() throws Exception {
    List<Mention> mentions = new ArrayList<>();
    if (volume != null) {
      mentions.add(
          switch (volume) {
            case VolumeReference.ById(var id) -> Mention.ofId(id.toString());
            case VolumeReference.ByPrefix(IdPrefix prefix) -> Mention.ofId(prefix.text());
            case VolumeReference.ByName(VolumeName name) ->
                Mention.ofName(name.toString(), files.isEmpty() ? ids(name) : Set.of());
          });
    }
    if (operation != null) {
      mentions.add(
          switch (operation) {
            case OperationReference.ById(var id) -> Mention.ofId(id.toString());
            case OperationReference.ByPrefix(IdPrefix prefix) -> Mention.ofId(prefix.text());
          });
    }
    if (peer != null) {
      mentions.add(Mention.ofId(id(peer)));
    }
    return mentions;
  }

  /** What the node calls it now; a log that was begun after the volume's mount may not tell. */
  private Set<String> ids(VolumeName name) throws InterruptedException {
    try (FlockerClient node = session.connect()) {
      return Set.of(node.volume(name).id().toString());
    } catch (FailureException | IOException | CredentialsException | ConfigurationException _) {
      return Set.of(); // A log can be read without its daemon.
    }
  }

  private String id(NodeReference reference) throws Exception {
    if (reference instanceof NodeReference.ById(var id)) {
      return id.toString();
    }
    try (FlockerClient node = session.connect()) {
      return reference.on(node).toString();
    } catch (FailureException | IOException | CredentialsException | ConfigurationException e) {
      if (reference instanceof NodeReference.ByName(String text) && IdPrefix.of(text).isPresent()) {
        return text; // A log can be read without its daemon, and of a node that is no peer.
      }
      throw e;
    }
  }
}
