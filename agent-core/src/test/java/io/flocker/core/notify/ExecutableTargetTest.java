package io.flocker.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ExecutableTargetTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  @TempDir Path folder;

  private final NodeId self = NodeId.random();
  private final Notification notification =
      new Notification(
          UUID.randomUUID(),
          Instant.parse("2026-03-01T12:34:56.789Z"),
          self,
          Optional.of("current"),
          new Standing(
              new Subject(VolumeId.random(), Optional.of(NodeId.random())),
              Optional.of(VolumeName.parse("default.volume")),
              "failed",
              Instant.parse("2026-03-01T12:34:56.700Z"),
              Map.of("copy", Map.of("tries", 2))));

  @Test
  void getsTheNotificationOnItsStandardInput() throws Exception {
    Path said = folder.resolve("said");

    target("printf '%s %s ' \"$1\" \"$2\" > '" + said + "'; exec cat >> '" + said + "'", LONG)
        .tell(notification);

    assertEquals("first $HOME;two " + notification.json() + "\n", Files.readString(said));
    assertTrue(
        notification
            .json()
            .matches(
                "\\{\"id\":\"[-0-9a-f]{36}\",\"type\":\"replication.changed\","
                    + "\"time\":\"2026-03-01T12:34:56.789Z\",\"node\":\"[-0-9a-f]{36}\","
                    + "\"volume\":\"[-0-9a-f]{36}\",\"name\":\"default.volume\","
                    + "\"peer\":\"[-0-9a-f]{36}\",\"before\":\"current\",\"state\":\"failed\","
                    + "\"since\":\"2026-03-01T12:34:56.700Z\",\"copy\":\\{\"tries\":2\\}\\}"),
        notification.json());
  }

  @Test
  void oneThatDoesNotReadHasTakenItAllTheSame() throws Exception {
    target("exit 0", LONG).tell(notification);
  }

  @Test
  void oneThatFailsSaysWhy() {
    assertEquals(
        folder.resolve("program") + " ended with exit status 3: no pager",
        refusal("echo no pager >&2; exit 3", LONG).detail());
  }

  @Test
  void oneThatIsSlowIsEnded() {
    FailureException refusal = refusal("exec sleep 1000", Duration.ofMillis(200));

    assertTrue(refusal.detail().contains("did not answer"), refusal.detail());
  }

  @Test
  void oneThatIsMissingIsNamed() {
    FailureException refusal =
        assertThrows(
            FailureException.class,
            () ->
                new ExecutableTarget(self, List.of(folder.resolve("none").toString()), LONG)
                    .tell(notification));

    assertEquals(NotifyFailure.NOTIFICATION_FAILED, refusal.failure());
    assertTrue(refusal.detail().contains(folder.resolve("none").toString()), refusal.detail());
  }

  private FailureException refusal(String shell, Duration deadline) {
    FailureException refusal =
        assertThrows(FailureException.class, () -> target(shell, deadline).tell(notification));
    assertEquals(NotifyFailure.NOTIFICATION_FAILED, refusal.failure());
    return refusal;
  }

  private ExecutableTarget target(String shell, Duration deadline) throws Exception {
    Path program = folder.resolve("program");
    Files.writeString(program, "#!/bin/sh\n" + shell + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new ExecutableTarget(self, List.of(program.toString(), "first", "$HOME;two"), deadline);
  }
}
