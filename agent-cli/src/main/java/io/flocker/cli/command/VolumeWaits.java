package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.UnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What of {@code flocker volume} waits for the node alone, such as for units of systemd. A class
 * above the other commands, since picocli calls the methods of one object.
 */
@Command
abstract sealed class VolumeWaits permits VolumeRisks {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Session session;

  VolumeWaits(Session session) {
    this.session = session;
  }

  @Command(
      description = {
        "Waits until a volume is mounted on the node, or all that the node owns.",
        "For services that use one; a node that does not answer or has no such volume is waited"
            + " for as well."
      })
  int await(
      @Parameters(
              paramLabel = "VOLUME",
              arity = "0..1",
              description = "Its name or id; all that the node owns, if left out")
          @Nullable VolumeReference volume,
      @Option(
              names = "--timeout",
              paramLabel = "TIME",
              description = {
                "After which it fails, such as 30s or 5m; else it waits for ever.",
                "A node that hangs is waited for up to 30 s longer."
              })
          @Nullable Duration timeout)
      throws Exception {
    long start = System.nanoTime();
    String told = "";
    try (FlockerClient node = session.connect()) {
      while (true) {
        Optional<String> obstacle = obstacle(node, volume);
        if (obstacle.isEmpty()) {
          return ExitCode.DONE;
        }
        if (!obstacle.get().equals(told)) {
          told = obstacle.get();
          session.complain("flocker: waits: " + told);
        }
        if (timeout != null && System.nanoTime() - start >= timeout.toNanos()) {
          return ExitCode.FAILED;
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }
  }

  /** What is still in the way; a refusal of today may be none in a moment. */
  private static Optional<String> obstacle(FlockerClient node, @Nullable VolumeReference volume)
      throws IOException, InterruptedException {
    try {
      List<VolumeDocument> meant =
          volume == null
              ? node.volumes().stream().filter(VolumeWaits::isOwned).toList()
              : List.of(node.volume(volume));
      return meant.stream()
          .filter(each -> !isOwned(each) || each.mountState() != MountStatus.State.MOUNTED)
          .findFirst()
          .map(VolumeWaits::state);
    } catch (UnreachableException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (FailureException e) {
      return Optional.of(e.detail());
    }
  }

  private static boolean isOwned(VolumeDocument volume) {
    return volume.role() == Role.OWNER;
  }

  /** What another node owns may be mounted here too, for as long as a process keeps it so. */
  private static String state(VolumeDocument volume) {
    if (!isOwned(volume)) {
      return "%s is %s here, owned by %s".formatted(volume.name(), volume.role(), volume.owner());
    }
    return "%s is %s%s"
        .formatted(
            volume.name(),
            volume.mountState().name().toLowerCase(Locale.ROOT),
            volume.mountReason().map(why -> ": " + why).orElse(""));
  }
}
