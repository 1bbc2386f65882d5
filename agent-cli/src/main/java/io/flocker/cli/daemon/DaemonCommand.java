package io.flocker.cli.daemon;

import io.flocker.cli.command.Version;
import io.flocker.cli.console.PlainText;
import io.flocker.cli.support.SettingsText;
import io.flocker.core.config.NodeConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code flockerd}, with all that it may say. One thread. */
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
public final class DaemonCommand implements Callable<Integer> {
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

  @Override
  public Integer call() throws InterruptedException {
    return Daemon.run(file, command.commandLine().getErr(), this::run);
  }

  private int run(NodeConfiguration.Explained read)
      throws StartException, IOException, InterruptedException {
    if (isPrint) {
      print(SettingsText.of(read.settings()));
    }
    if (isCheckOfAll) {
      print(List.of(PlainText.of(Identity.check(read.configuration()))));
    }
    return isCheck || isCheckOfAll || isPrint ? 0 : Daemon.serve(file, argv(), read);
  }

  private void print(List<String> lines) {
    PrintWriter out = command.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  private List<String> argv() {
    List<String> argv = new ArrayList<>(List.of(command.name()));
    argv.addAll(command.commandLine().getParseResult().originalArgs());
    return argv;
  }
}
