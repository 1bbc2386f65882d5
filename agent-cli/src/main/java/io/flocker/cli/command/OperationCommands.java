package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Table;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.http.client.FlockerClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flocker operation}: the long pieces of work on the node. */
@Command(name = "operation", description = "Shows, follows and cancels what the node works on.")
final class OperationCommands {
  private static final String OPERATION = "Its id; see 'flocker operation list'";

  private final Session session;

  OperationCommands(Session session) {
    this.session = session;
  }

  @Command(description = "Lists the operations that the node remembers.")
  int list() throws Exception {
    try (FlockerClient node = session.connect()) {
      List<OperationView> operations = node.operations();
      session.print(Map.of("operations", operations), () -> table(operations, Instant.now()));
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "wait",
      description = "Follows an operation to its end, and ends as a command does that started it.")
  int await(
      @Parameters(paramLabel = "OPERATION", description = OPERATION) UUID id,
      @Mixin FollowOptions following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      return following.follow(node.operation(id, Duration.ZERO), node, session);
    }
  }

  @Command(description = "Cancels an operation; refused where it only goes forward.")
  int cancel(@Parameters(paramLabel = "OPERATION", description = OPERATION) UUID id)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      node.cancel(id);
      session.print(Map.of("cancelling", id), () -> List.of("cancelling " + id));
      return ExitCode.DONE;
    }
  }

  private static List<String> table(List<OperationView> operations, Instant now) {
    Table table = new Table("ID", "KIND", "STATE", "PHASE", "MOVED", "TIME", "VOLUME");
    for (OperationView operation : operations) {
      table.row(
          operation.id().toString(),
          operation.kind(),
          operation.state().toString(),
          operation.phase(),
          Amounts.bytes(operation.bytes()),
          Amounts.time(Summary.elapsed(operation, now)),
          operation.volume().map(VolumeId::toString).orElse("-"));
    }
    return table.lines();
  }
}
