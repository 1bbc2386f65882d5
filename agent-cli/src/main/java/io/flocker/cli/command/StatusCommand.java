package io.flocker.cli.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.flocker.cli.console.Table;
import io.flocker.cli.deploy.Outlook;
import io.flocker.cli.watch.Glance;
import io.flocker.cli.watch.Watch;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flocker status}. */
@Command(
    name = "status",
    description =
        "Shows the node, its peers, what runs, what has failed and all volumes; then how far the"
            + " node is with its part of what the cluster shall run, how far behind the copies are"
            + " that it brings up to date, and what keeps them. As JSON only the latter.")
final class StatusCommand implements Callable<Integer> {
  private final Session session;

  /** What is printed as JSON. */
  private record Status(
      @JsonUnwrapped ConvergenceStatus convergence,
      List<CopyStatus> copies,
      List<NodeDocument.Warning> warnings) {}

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--watch",
      description = {
        "Shows the node, its peers, what is under way and all volumes, until q or Ctrl-C: on the"
            + " whole screen of a terminal, where ? shows the keys; elsewhere all of it once, then"
            + " what changes."
      })
  private boolean watch;

  StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (watch) {
      return watch();
    }
    try (FlockerClient node = session.connect()) {
      Status status = new Status(node.convergence(), node.copies(), node.node().warnings());
      PeerNames names = session.names(node);
      List<String> glance =
          session.isDocument() ? List.of() : Glance.of(node, InstantSource.system());
      session.print(
          status,
          () ->
              Stream.of(glance, lines(status.convergence()), CopyText.lines(status.copies(), names))
                  .flatMap(List::stream)
                  .toList());
      return ExitCode.DONE;
    }
  }

  private int watch() throws Exception {
    if (session.isDocument()) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--watch is for people; for programs 'flocker events --json' tells what happens");
    }
    CommandEnvironment environment = session.environment();
    environment.endOnceUnread();
    try (FlockerClient node = session.connect();
        Watch shown =
            Watch.of(node, environment.terminal(), environment.out(), environment.variables());
        InterruptHook _ = new InterruptHook(shown::leave)) {
      shown.follow();
      return ExitCode.DONE;
    }
  }

  private static List<String> lines(ConvergenceStatus status) {
    if (status.generation() == 0 && status.isAsWished()) {
      return List.of("no applications: 'flocker deploy' has told this node of none");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "generation %d: %s"
            .formatted(
                status.generation(),
                status.isAsWished() ? "all is as wished" : "not yet as wished"));
    Table table = new Table("OBJECT", "STATE", "SINCE", "WHAT");
    for (ObjectStatus object : status.objects()) {
      table.row(
          Outlook.name(object),
          object.state().toString(),
          object.since().toString(),
          Outlook.what(object));
    }
    if (!status.objects().isEmpty()) {
      lines.addAll(table.lines());
    }
    return lines;
  }
}
