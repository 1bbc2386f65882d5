package io.flocker.core.replicate.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.FakePolicyStore;
import io.flocker.core.replicate.policy.HookPolicy;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SnapshotHooksTest {
  private final NodeId self = NodeId.random();
  private final FakeStorage storage = new FakeStorage();
  private final Map<String, Hook> commands = new HashMap<>();
  @TempDir private Path folder;
  private SnapshotHooks hooks;
  private Policies policies;
  private Volume volume;

  @BeforeEach
  void open() throws Exception {
    storage.add(new DatasetName(self, VolumeName.parse("default.db")).in(FakeStorage.POOL));
    volume =
        new VolumeCatalog(storage, self, EpochMemory.open(folder), (_, _) -> {}, EventSink.NONE)
            .list()
            .getFirst();
    policies = Policies.open(new FakePolicyStore());
    hooks = new SnapshotHooks(self, folder.toString(), policies, () -> commands);
    policies.put(volume.id(), policy());
  }

  @Test
  @DisplayName("S10 what does not end in time is ended with all that it has started")
  void endsWhatDoesNotEnd() throws Exception {
    Path pids = folder.resolve("pids");
    commands.put(
        "before",
        new Hook(
            List.of(
                "/bin/sh",
                "-c",
                "sleep 600 & echo $! > %s; trap '' TERM; wait; sleep 600".formatted(pids)),
            Map.of(),
            Duration.ofSeconds(1)));

    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> hooks.around(volume, "s", new Unheard(), SnapshotHooksTest::none));

    assertEquals(TransferFailure.HOOK_FAILED, refusal.failure());
    assertTrue(refusal.detail().contains("did not end within 1 s"), refusal::detail);
    long child = Long.parseLong(Files.readString(pids).strip());
    Optional<ProcessHandle> left = ProcessHandle.of(child);
    if (left.isPresent()) {
      var _ = left.get().onExit().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void whateverItSaysLittleIsKept() {
    commands.put(
        "before",
        new Hook(
            List.of("/bin/sh", "-c", "yes line | head -c 9000000; echo the end >&2; exit 7"),
            Map.of(),
            Duration.ofSeconds(30)));

    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> hooks.around(volume, "s", new Unheard(), SnapshotHooksTest::none));

    assertTrue(refusal.detail().endsWith("exit status 7: the end"), refusal::detail);
    assertTrue(String.valueOf(refusal.members().get("output")).length() <= 4096);
  }

  @Test
  void whatWasFrozenThawsThoughTheWorkWasInterrupted() throws Exception {
    Path thawed = folder.resolve("thawed");
    commands.put("before", new Hook(List.of("/bin/true"), Map.of(), Duration.ofSeconds(30)));
    commands.put(
        "after",
        new Hook(List.of("/usr/bin/touch", thawed.toString()), Map.of(), Duration.ofSeconds(30)));
    CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();

    Thread worker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                String _ =
                    hooks.around(
                        volume,
                        "s",
                        new Unheard(),
                        () -> {
                          Thread.currentThread().interrupt();
                          return "taken";
                        });
              } catch (FailureException e) {
                boolean _ = wasInterrupted.completeExceptionally(e);
              }
              boolean _ = wasInterrupted.complete(Thread.interrupted());
            });

    assertTrue(wasInterrupted.get(30, TimeUnit.SECONDS));
    worker.join();
    assertTrue(Files.exists(thawed));
  }

  @Test
  void cancellingEndsWhatRunsBefore() throws Exception {
    Path begun = folder.resolve("begun");
    commands.put(
        "before",
        new Hook(
            List.of("/bin/sh", "-c", "touch " + begun + "; exec sleep 600"),
            Map.of(),
            Duration.ofMinutes(10)));
    Unheard context = new Unheard();
    CompletableFuture<FailureException> ended = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                String _ = hooks.around(volume, "s", context, SnapshotHooksTest::none);
              } catch (FailureException e) {
                boolean _ = ended.complete(e);
              }
            });
    while (!Files.exists(begun)) {
      Thread.onSpinWait();
    }

    context.cancel();

    assertEquals(TransferFailure.CANCELLED, ended.get(30, TimeUnit.SECONDS).failure());
  }

  @Test
  void whereNothingIsSaidNothingIsRun() throws Exception {
    policies.put(volume.id(), Policy.to(List.of()));
    commands.put(
        "before",
        new Hook(
            List.of("/usr/bin/touch", folder.resolve("run").toString()),
            Map.of(),
            Duration.ofSeconds(30)));

    assertEquals("taken", hooks.around(volume, "s", new Unheard(), () -> "taken"));

    assertFalse(Files.exists(folder.resolve("run")));
  }

  @Test
  void valuesOfVariablesAreNotShown() {
    Hook hook = new Hook(List.of("/bin/true"), Map.of("PASSWORD", "secret"), Duration.ofSeconds(1));
    assertFalse(hook.toString().contains("secret"), hook::toString);
    assertTrue(hook.toString().contains("PASSWORD"), hook::toString);
  }

  private static String none() {
    throw new AssertionError("a snapshot was taken");
  }

  private static Policy policy() {
    return new Policy(
        List.of(),
        Policy.USUAL_MAX_LAG,
        Policy.USUAL_MIN_INTERVAL,
        InitialReplication.ALL,
        RetentionRules.USUAL,
        Optional.empty(),
        OnDivergence.REPORT,
        Optional.of(
            new HookPolicy(
                Optional.of("before"), Optional.of("after"), HookPolicy.OnFailure.NO_SNAPSHOT)),
        Optional.empty());
  }

  /** An operation that nobody looks at. */
  private static final class Unheard implements OperationContext {
    private Runnable hook = () -> {};

    @Override
    public UUID id() {
      return new UUID(0, 0);
    }

    @Override
    public void phase(String name) {}

    @Override
    public void progress(long bytes, long estimateBytes) {}

    @Override
    public synchronized void onCancel(Runnable wanted) {
      hook = wanted;
    }

    synchronized void cancel() {
      hook.run();
    }

    @Override
    public void pastCommit() {}

    @Override
    public void waitsFor(Wait what) {}
  }
}
