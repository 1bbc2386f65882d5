package io.flocker.zfs.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.Dataset;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final String EXISTS =
      """
      cannot receive new filesystem stream: destination 'tank/v' exists
      must specify -F to overwrite it
      """;
  private static final Dataset VOLUME =
      new Dataset(
          "tank/v",
          new Guid(5),
          Optional.empty(),
          false,
          Optional.empty(),
          true,
          List.of(),
          1,
          1,
          0,
          Optional.empty(),
          List.of(),
          List.of(),
          false,
          Optional.empty(),
          OptionalLong.empty(),
          Map.of());

  private final Explainer full = new Explainer(_ -> Optional.of(VOLUME));
  private final Explainer empty = new Explainer(_ -> Optional.empty());
  private final Explainer silent =
      new Explainer(_ -> {
        throw StorageFailure.ZFS_TIMEOUT.because("zfs get did not end");
      });

  @Test
  void believesWordsThatWhatIsThereConfirms() {
    FailureException failure = full.explain("tank/v", receiving(EXISTS), 1);

    assertEquals(TransferFailure.DESTINATION_EXISTS, failure.failure());
    assertEquals(1, failure.members().get("exit"));
    assertEquals(EXISTS.strip(), failure.members().get("stderr"));
  }

  @Test
  void doesNotBelieveWordsThatWhatIsThereBelies() {
    assertEquals(
        TransferFailure.RECEIVER_FAILED, empty.explain("tank/v", receiving(EXISTS), 1).failure());
  }

  @Test
  void believesOtherWordsWhateverIsThere() {
    String full = "cannot receive incremental stream: destination tank/v space quota exceeded.";

    assertEquals(
        StorageFailure.QUOTA_EXCEEDED, empty.explain("tank/v", receiving(full), 1).failure());
    assertEquals(
        TransferFailure.STREAM_CORRUPT,
        empty
            .explain("tank/v", receiving("cannot receive: invalid stream (checksum mismatch)"), 1)
            .failure());
  }

  @Test
  void whatIsMissingWithItsPoolIsThePoolsAbsence() {
    Explainer away =
        new Explainer(_ -> {
          throw StorageFailure.POOL_UNAVAILABLE.because("tank is not there");
        });
    Child child = sending("cannot open 'tank/v@a': dataset does not exist");

    assertEquals(StorageFailure.POOL_UNAVAILABLE, away.explain("tank/v", child, 1).failure());
    assertEquals(StorageFailure.DATASET_NOT_FOUND, empty.explain("tank/v", child, 1).failure());
    assertEquals(StorageFailure.DATASET_NOT_FOUND, silent.explain("tank/v", child, 1).failure());
    assertEquals(
        TransferFailure.SENDER_FAILED, away.explain("tank/v", sending("odd"), 1).failure());
  }

  @Test
  void keepsToTheWordsWhereNothingCanBeSeen() {
    assertEquals(
        TransferFailure.DESTINATION_EXISTS,
        silent.explain("tank/v", receiving(EXISTS), 1).failure());
  }

  @Test
  void namesTheSideOfAChildWithoutKnownWords() {
    FailureException receiver = full.explain("tank/v", receiving(""), 128 + 9);
    FailureException sender = full.explain("tank/v", sending("strange words"), 1);

    assertEquals(TransferFailure.RECEIVER_FAILED, receiver.failure());
    assertTrue(receiver.detail().contains("killed by SIGKILL"), receiver.detail());
    assertEquals(TransferFailure.SENDER_FAILED, sender.failure());
    assertTrue(sender.detail().contains("strange words"), sender.detail());
  }

  @Test
  void doesNotTakeASnapshotsNameForTheDirection() {
    Child child =
        new EndedChild(Child.Direction.SENDING, "/sbin/zfs send tank/v@to receive later", "");

    assertEquals(TransferFailure.SENDER_FAILED, full.explain("tank/v", child, 1).failure());
  }

  private static Child receiving(String stderr) {
    return new EndedChild(Child.Direction.RECEIVING, "/sbin/zfs receive -u tank/v", stderr);
  }

  private static Child sending(String stderr) {
    return new EndedChild(Child.Direction.SENDING, "/sbin/zfs send tank/v@a", stderr);
  }

  private record EndedChild(Direction direction, String command, String stderrTail)
      implements Child {
    @Override
    public long pid() {
      return 1;
    }

    @Override
    public int takeDescriptor() {
      throw new IllegalStateException("it has ended");
    }

    @Override
    public CompletionStage<Exit> exit() {
      return CompletableFuture.completedFuture(new Exit(1));
    }

    @Override
    public void end() {}

    @Override
    public void close() {}
  }
}
