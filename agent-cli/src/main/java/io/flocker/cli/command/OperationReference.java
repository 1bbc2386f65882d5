package io.flocker.cli.command;

import io.flocker.core.failure.Choice;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.Uuids;
import io.flocker.core.operation.OperationView;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An operation as people name it on a command line. */
sealed interface OperationReference {
  /** What a command line's help says of it. */
  String MEANING = "Its id, which may be cut short; see 'flocker operation list'";

  /** By its id. */
  record ById(UUID id) implements OperationReference {}

  /** By the beginning of that; ids begin with the time of the operation's start. */
  record ByPrefix(IdPrefix prefix) implements OperationReference {}

  /**
   * Reads an id, or the beginning of one.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static OperationReference parse(String text) {
    Optional<IdPrefix> prefix = IdPrefix.of(text);
    return prefix.isPresent() && text.length() < UUID.randomUUID().toString().length()
        ? new ByPrefix(prefix.get())
        : new ById(Uuids.parse("operation", text));
  }

  /**
   * The id of the operation on that node; of those that are named by less the newest ones count.
   */
  default UUID on(FlockerClient node) throws FailureException, IOException, InterruptedException {
    return switch (this) {
      case ById(UUID id) -> id;
      case ByPrefix(IdPrefix prefix) -> only(prefix, node);
    };
  }

  private static UUID only(IdPrefix prefix, FlockerClient node)
      throws FailureException, IOException, InterruptedException {
    List<OperationView> fitting =
        node.latestOperations().stream().filter(one -> prefix.begins(one.id())).toList();
    return Choice.only(
            prefix.text(),
            fitting,
            fitting.stream().map(one -> one.kind() + " " + one.id()).toList(),
            OwnershipFailure.OPERATION_NOT_FOUND.because(
                "none of the newest operations of "
                    + node.url()
                    + " has an id that begins with "
                    + prefix.text()))
        .id();
  }
}
