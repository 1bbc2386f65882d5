package io.flocker.cli.daemon;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;

/**
 * The program {@code flockerd}: runs until TERM; HUP has it read its certificates and settings
 * anew.
 *
 * <p>Exit status: 0 after a stop; 1 when it cannot start or run; 2 for a wrong command line; 78
 * (EX_CONFIG, sysexits.h) when its configuration is wrong.
 */
public final class Daemon {
  private static final String NAME = "flockerd";
  private static final int FAILED = 1;
  private static final int BAD_CONFIGURATION = 78; // sysexits.h: EX_CONFIG

  /** A start asks ZFS some dozen times, each with a deadline. */
  private static final Duration LONGEST_START = Duration.ofMinutes(10);

  /** It takes below 10 s but where the machine is in trouble. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);

  /** Netty names its event loops so; they drop log messages rather than wait. */
  private static final String LOOP_THREADS = "http-loop";

  /** What is done with the settings once they are read; returns the exit status. */
  @FunctionalInterface
  interface Work {
    int with(NodeConfiguration.Explained read)
        throws StartException, IOException, InterruptedException;
  }

  private Daemon() {}

  /** Runs the daemon. */
  public static void main(String[] arguments) {
    System.exit(
        isOfService(arguments)
            ? serve(Path.of(arguments[1]), List.of(NAME, arguments[0], arguments[1]))
            : new CommandLine(new DaemonCommand()).execute(arguments));
  }

  /** As the service has it. The parser of all else would be a tenth of a start's work. */
  private static boolean isOfService(String[] arguments) {
    return arguments.length == 2 && arguments[0].equals("--config") && arguments[1].startsWith("/");
  }

  private static int serve(Path file, List<String> argv) {
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    try {
      return run(file, err, read -> serve(file, argv, read));
    } catch (InterruptedException | RuntimeException e) { // As the parser has it.
      e.printStackTrace(err);
      return FAILED;
    }
  }

  /** Reads the settings and does that work; what hinders it goes to {@code err}. */
  static int run(Path file, PrintWriter err, Work work) throws InterruptedException {
    try {
      return work.with(NodeConfiguration.explain(file));
    } catch (ConfigurationException e) {
      complain(e, err);
      return BAD_CONFIGURATION;
    } catch (StartException | IOException e) {
      complain(e, err);
      return FAILED;
    }
  }

  /** A line for each mistake; none of what keys and files are called touches the terminal. */
  private static void complain(Exception e, PrintWriter err) {
    (NAME + ": " + e.getMessage()).lines().map(PlainText::of).forEach(err::println);
  }

  /** Serves until the process is told to end. */
  static int serve(Path file, List<String> argv, NodeConfiguration.Explained read)
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
      node = Node.start(configuration, argv, SettingsText.of(read.settings()));
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
