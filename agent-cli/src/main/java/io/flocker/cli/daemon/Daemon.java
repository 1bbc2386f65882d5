package io.flocker.cli.daemon;

import io.flocker.cli.command.Version;
import io.flocker.cli.console.PlainText;
import io.flocker.cli.support.SettingsText;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.log.Logging;
import io.flocker.core.os.NotifySocket;
import io.flocker.core.os.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The program {@code flockerd}: runs until TERM; HUP has it read its certificates and settings
 * anew.
 *
 * <p>Exit status: 0 after a stop; 1 when it cannot start or run; 2 for a wrong command line; 78
 * (EX_CONFIG, sysexits.h) when its configuration is wrong.
 */
@Command(
    name = "flockerd",
    description = "Serves the ZFS volumes of this node, until it is sent TERM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      " 0:stopped as it was told",
      " 1:cannot start or go on; stderr says why",
      " 2:wrong command line",
      "78:wrong configuration; stderr lists everything that is wrong"
    })
public final class Daemon implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int BAD_CONFIGURATION = 78; // sysexits.h: EX_CONFIG

  /** A start asks ZFS some dozen times, each with a deadline. */
  private static final Duration LONGEST_START = Duration.ofMinutes(10);

  /** It takes below 10 s but where the machine is in trouble. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);

  /** Netty names its event loops so; they drop log messages rather than wait. */
  private static final String LOOP_THREADS = "http-loop";

  @Option(
      names = {"-c", "--config"},
      description =
          "The configuration file; ${DEFAULT-VALUE} unless given. Files *.yml of the folder conf.d"
              + " beside it are read after it, in the order of their names.",
      paramLabel = "FILE")
  private Path file = NodeConfiguration.DEFAULT_FILE;

  @Option(
      names = "--check",
      description = "Only say whether the configuration is right: the file, and those in conf.d.")
  private boolean isCheck;

  @Option(
      names = "--check-config",
      description = "The same, and whether the certificates that it names can be used.")
  private boolean isCheckOfAll;

  @Option(
      names = "--print-config",
      description =
          "Only print what holds, a line each, and which line of which file says so, or that it is"
              + " the default. What may be secret is left out.")
  private boolean isPrint;

  @Spec private CommandSpec command = CommandSpec.create();

  /** Runs the daemon. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Daemon()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      NodeConfiguration.Explained read = NodeConfiguration.explain(file);
      if (isPrint) {
        print(SettingsText.of(read.settings()));
      }
      if (isCheckOfAll) {
        print(List.of(PlainText.of(Identity.check(read.configuration()))));
      }
      return isCheck || isCheckOfAll || isPrint ? 0 : serve(read);
    } catch (ConfigurationException e) {
      complain(e);
      return BAD_CONFIGURATION;
    } catch (StartException | IOException e) {
      complain(e);
      return FAILED;
    }
  }

  /** A line for each mistake; none of what keys and files are called touches the terminal. */
  private void complain(Exception e) {
    PrintWriter err = command.commandLine().getErr();
    ("flockerd: " + e.getMessage()).lines().map(PlainText::of).forEach(err::println);
  }

  private void print(List<String> lines) {
    PrintWriter out = command.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  private int serve(NodeConfiguration.Explained read)
      throws StartException, IOException, InterruptedException {
    NodeConfiguration configuration = read.configuration();
    Logging logging =
        Logging.start(
            configuration.log().target(),
            configuration.log().level(),
            thread -> thread.getName().startsWith(LOOP_THREADS));
    NotifySocket manager = NotifySocket.of(System.getenv());
    Semaphore hangups = new Semaphore(0);
    Signals.on("HUP", hangups::release); // First of all: without that, it would end the start.
    Node node;
    try (MoreTime _ = MoreTime.of(manager, LONGEST_START)) {
      node = Node.start(configuration, argv(), SettingsText.of(read.settings()));
    } catch (StartException e) {
      logging.close();
      throw e;
    }
    AtomicReference<String> told = new AtomicReference<>("");
    Supervision supervision =
        Supervision.start(
            manager,
            NotifySocket.watchdog(System.getenv(), ProcessHandle.current().pid()),
            node.vitals());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              supervision.close();
              stop(node, told.get(), manager, logging);
            }));
    for (String signal : List.of("INT", "TERM")) {
      Signals.on(
          signal,
          () -> {
            told.set("SIG" + signal);
            System.exit(0);
          });
    }
    manager.ready();
    Reload reload = new Reload(file, read.settings(), node, manager);
    while (true) { // Until TERM or INT begins the shutdown.
      hangups.acquire();
      int _ = hangups.drainPermits();
      reload.run();
    }
  }

  private List<String> argv() {
    List<String> argv = new ArrayList<>(List.of(command.name()));
    argv.addAll(command.commandLine().getParseResult().originalArgs());
    return argv;
  }

  /** A JVM that ends by TERM would say 143, which init systems take for a failure. */
  private static void stop(Node node, String told, NotifySocket manager, Logging logging) {
    try {
      manager.stopping();
      manager.status("ends or leaves what runs");
    } catch (IOException _) {
      // The service manager is gone; we go too.
    }
    try (MoreTime _ = MoreTime.of(manager, LONGEST_STOP)) {
      node.close(told.isEmpty() ? Map.of() : Map.of("signal", told));
    }
    logging.close();
    Runtime.getRuntime().halt(0);
  }
}
