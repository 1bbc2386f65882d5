package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.idempotency.KeyScope;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationQuery;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationStore.Kept;
import io.flocker.core.operation.OperationView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class StoredOperationsTest {
  private static final Principal ALICE = new Principal.User("alice");
  private static final Principal BOB = new Principal.ControlService();
  private static final VolumeId VOLUME = VolumeId.random();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @TempDir private Path folder;
  private Database database;
  private StoredOperations operations;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(folder);
    operations = new StoredOperations(database);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  @Test
  void whatRunsIsFoundByTheNextDaemon() throws Exception {
    Kept push = add(ALICE, "push", OperationState.RUNNING);
    Kept queued = add(BOB, "handoff", OperationState.QUEUED);
    end(add(ALICE, "push", OperationState.RUNNING), NOW);
    operations.begin(queued.view().id(), 3);
    close();
    open();

    assertEquals(
        List.of(push.view().id(), queued.view().id()),
        operations.unfinished().stream().map(kept -> kept.view().id()).toList());
    assertEquals(Optional.of(push), operations.find(push.view().id()));
    Kept begun = operations.find(queued.view().id()).orElseThrow();
    assertEquals(3, begun.attempts());
    assertEquals(OperationState.RUNNING, begun.view().state());
  }

  @Test
  void anEndIsKeptWhole() throws Exception {
    Kept push = add(ALICE, "push", OperationState.RUNNING);
    Map<String, Object> problem = TransferFailure.PEER_SILENT.because("node b").document();
    OperationView failed =
        view(
            push.view(),
            OperationState.FAILED,
            Optional.of(NOW),
            Optional.empty(),
            Optional.of(problem));
    operations.end(failed);

    OperationView kept = operations.find(push.view().id()).orElseThrow().view();

    assertEquals(OperationState.FAILED, kept.state());
    assertEquals(Optional.of(NOW), kept.finished());
    assertEquals(OptionalLong.of(1_024), kept.totalBytes());
    assertEquals(StoredJson.write(problem), kept.problem().map(StoredJson::write).orElseThrow());
  }

  @Test
  void onlyWhatIsAskedForIsListed() throws Exception {
    Kept first = add(ALICE, "push", OperationState.RUNNING);
    Kept second = add(ALICE, "handoff", OperationState.RUNNING);
    Kept third = add(ALICE, "push", OperationState.RUNNING);
    add(BOB, "push", OperationState.RUNNING);
    end(third, NOW);

    assertEquals(
        ids(third, second, first), list(OperationQuery.newest(OperationReader.ofOwn(ALICE), 10)));
    assertEquals(ids(third, second), list(OperationQuery.newest(OperationReader.ofOwn(ALICE), 2)));
    assertEquals(ids(second), list(query(Optional.empty(), Optional.of("handoff"), null)));
    assertEquals(
        ids(second, first),
        list(query(Optional.of(OperationState.RUNNING), Optional.empty(), null)));
    assertEquals(ids(first), list(query(Optional.empty(), Optional.empty(), second)));
    assertEquals(
        List.of(), list(query(Optional.of(OperationState.QUEUED), Optional.empty(), null)));
  }

  @Test
  void theKindsThatSomebodyMayStartAreListedOfOthersToo() throws Exception {
    Kept own = add(ALICE, "snapshot", OperationState.RUNNING);
    Kept push = add(BOB, "push", OperationState.RUNNING);
    Kept handoff = add(BOB, "handoff", OperationState.RUNNING);
    add(BOB, "snapshot", OperationState.RUNNING);
    OperationReader reader = new OperationReader(ALICE, Set.of("push", "handoff"));

    assertEquals(ids(handoff, push, own), list(OperationQuery.newest(reader, 10)));
    assertEquals(
        ids(push),
        list(
            new OperationQuery(
                reader,
                Optional.empty(),
                Optional.of("push"),
                Optional.of(VOLUME),
                Optional.empty(),
                10)));
  }

  @Test
  void oneWithoutAVolumeIsKeptSo() throws Exception {
    Kept withVolume = kept(ALICE, "converge", OperationState.RUNNING);
    OperationView view = withVolume.view();
    OperationView without =
        new OperationView(
            view.id(),
            view.kind(),
            view.state(),
            Optional.empty(),
            Optional.empty(),
            view.started(),
            view.finished(),
            view.phase(),
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    Kept operation = new Kept(ALICE, Map.of("generation", 3), 1, without);

    operations.add(operation, Optional.empty());

    assertEquals(Optional.of(operation), operations.find(view.id()));
  }

  @Test
  void theOldAndTheManyAreForgottenButNeverWhatAKeyStandsFor() throws Exception {
    Kept old = add(ALICE, "push", OperationState.RUNNING);
    KeyScope scope = new KeyScope(ALICE.name(), "POST /v1/x", "k");
    Kept keyed = kept(ALICE, "push", OperationState.RUNNING);
    operations.add(keyed, Optional.of(new KeyClaim(scope, "0")));
    Kept running = add(ALICE, "push", OperationState.RUNNING);
    Kept middle = add(ALICE, "push", OperationState.RUNNING);
    Kept last = add(ALICE, "push", OperationState.RUNNING);
    end(old, NOW.minus(Duration.ofDays(8)));
    end(keyed, NOW.minus(Duration.ofDays(8)));
    end(middle, NOW);
    end(last, NOW);

    operations.prune(NOW.minus(Duration.ofDays(7)), 10);
    assertEquals(
        ids(last, middle, running, keyed),
        list(OperationQuery.newest(OperationReader.ofOwn(ALICE), 10)));
    operations.prune(NOW.minus(Duration.ofDays(7)), 1);
    assertEquals(
        ids(last, running, keyed), list(OperationQuery.newest(OperationReader.ofOwn(ALICE), 10)));
    new StoredKeys(database).prune(NOW.plusSeconds(1));
    operations.prune(NOW.minus(Duration.ofDays(7)), 1);
    assertEquals(ids(last, running), list(OperationQuery.newest(OperationReader.ofOwn(ALICE), 10)));
  }

  private List<UUID> list(OperationQuery query) throws FailureException {
    return operations.list(query).stream().map(kept -> kept.view().id()).toList();
  }

  private static OperationQuery query(
      Optional<OperationState> state, Optional<String> kind, @Nullable Kept before) {
    return new OperationQuery(
        OperationReader.ofOwn(ALICE),
        state,
        kind,
        Optional.of(VOLUME),
        Optional.ofNullable(before).map(kept -> kept.view().id()),
        10);
  }

  private static List<UUID> ids(Kept... operations) {
    return List.of(operations).stream().map(kept -> kept.view().id()).toList();
  }

  private Kept add(Principal owner, String kind, OperationState state) throws FailureException {
    Kept operation = kept(owner, kind, state);
    operations.add(operation, Optional.empty());
    return operation;
  }

  private void end(Kept operation, Instant finished) throws FailureException {
    operations.end(
        view(
            operation.view(),
            OperationState.SUCCEEDED,
            Optional.of(finished),
            Optional.of(Map.of("bytes", 7)),
            Optional.empty()));
  }

  private static Kept kept(Principal owner, String kind, OperationState state) {
    OperationView view =
        new OperationView(
            UUID.randomUUID(),
            kind,
            state,
            Optional.of(VOLUME),
            Optional.empty(),
            NOW,
            Optional.empty(),
            "starting",
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    return new Kept(owner, Map.of("peer", "b"), 1, view);
  }

  private static OperationView view(
      OperationView begun,
      OperationState state,
      Optional<Instant> finished,
      Optional<Map<String, Object>> result,
      Optional<Map<String, Object>> problem) {
    return new OperationView(
        begun.id(),
        begun.kind(),
        state,
        begun.volume(),
        begun.volumeName(),
        begun.started(),
        finished,
        "sending",
        512,
        OptionalLong.of(1_024),
        256,
        OptionalLong.empty(),
        result,
        problem);
  }
}
