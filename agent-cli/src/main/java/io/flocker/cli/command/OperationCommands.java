package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Table;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.client.FlockerClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flocker operation}: the long pieces of work on the node. */
@Command(name = "operation", description = "Shows, follows and cancels what the node works on.")
final class OperationCommands {
  private final Session session;

  OperationCommands(Session session) {
    this.session = session;
  }

  @Command(aliases = "ls", description = "Lists the operations that the node remembers.")
  int list(
      @Option(
              names = "--volume",
              paramLabel = "VOLUME",
              description = "Only those of this volume, by its name or its id")
          @Nullable VolumeReference volume,
      @Mixin Columns columns)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      List<OperationView> operations = volume == null ? node.operations() : node.operations(volume);
      session.print(
          Map.of("operations", operations), () -> columns.of(table(operations, Instant.now())));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Shows an operation: how far it has come, or how it ended.")
  int show(
      @Parameters(paramLabel = "OPERATION", description = OperationReference.MEANING)
          OperationReference operation)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      OperationView shown = node.operation(operation.on(node), Duration.ZERO);
      session.print(shown, () -> lines(shown, Instant.now()));
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "wait",
      description = "Follows an operation to its end, and ends as a command does that started it.")
  int await(
      @Parameters(paramLabel = "OPERATION", description = OperationReference.MEANING)
          OperationReference operation,
      @Mixin FollowOptions following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      return following.follow(node.operation(operation.on(node), Duration.ZERO), node, session);
    }
  }

  @Command(description = "Cancels an operation; refused where it only goes forward.")
  int cancel(
      @Parameters(paramLabel = "OPERATION", description = OperationReference.MEANING)
          OperationReference operation)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      UUID id = operation.on(node);
      node.cancel(id);
      session.print(Map.of("cancelling", id), () -> List.of("cancelling " + id));
      return ExitCode.DONE;
    }
  }

  private List<String> lines(OperationView operation, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add("id        " + operation.id());
    lines.add("kind      " + operation.kind());
    operation
        .volume()
        .ifPresent(volume ->
            lines.add(
                "volume    "
                    + operation
                        .volumeName()
                        .map(name -> name + " (" + volume + ")")
                        .orElseGet(volume::toString)));
    lines.add("state     " + operation.state());
    lines.add("phase     " + operation.phase());
    lines.add("started   " + operation.started());
    operation.finished().ifPresent(at -> lines.add("finished  " + at));
    lines.add("took      " + Amounts.time(Summary.elapsed(operation, now)));
    lines.add("moved     " + moved(operation));
    FlockerClient.failure(operation)
        .ifPresent(failure -> {
          List<String> problem = session.lines(failure);
          lines.add("problem   " + problem.getFirst());
          lines.addAll(problem.subList(1, problem.size()));
        });
    return lines;
  }

  private static String moved(OperationView operation) {
    String bytes = Amounts.bytes(operation.bytes());
    String all =
        operation.totalBytes().isPresent()
            ? bytes + " of about " + Amounts.bytes(operation.totalBytes().getAsLong())
            : bytes;
    return operation.state().isEnd()
        ? bytes
        : all + ", " + Amounts.rate(operation.bytesPerSecond());
  }

  private static Table table(List<OperationView> operations, Instant now) {
    Table table = new Table("ID", "KIND", "STATE", "PHASE", "MOVED", "TIME", "VOLUME");
    for (OperationView operation : operations) {
      table.row(
          operation.id().toString(),
          operation.kind(),
          operation.state().toString(),
          operation.phase(),
          Amounts.bytes(operation.bytes()),
          Amounts.time(Summary.elapsed(operation, now)),
          operation.volumeName().or(() -> operation.volume().map(VolumeId::toString)).orElse("-"));
    }
    return table;
  }
}
