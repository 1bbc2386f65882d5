package io.flocker.core.replicate.hook;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.process.Asked;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.Output;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.replicate.policy.HookPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeMutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs what the policies of volumes name around the snapshots that are taken to be sent. Of one
 * volume one pair at a time: what freezes an application does not do so twice. Blocks; any thread,
 * but for event loops.
 */
public final class SnapshotHooks {
  /** At once, of all volumes; others wait. */
  private static final int AT_ONCE = 8;

  /** How much of what a hook says is kept, the last of it. */
  private static final int KEPT_CHARACTERS = 4096;

  /** Between TERM and KILL, shorter than a child has that is ended from here. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  /** What all of that may take beyond the deadline. */
  private static final Duration BEYOND = Duration.ofSeconds(10);

  /** timeout(1): the status of what was ended by TERM, and of what KILL had to end. */
  private static final Set<Integer> ENDED = Set.of(124, 137);

  private static final Asked HOOK =
      Asked.ofUsers("hook", ActionType.HOOK, TransferFailure.HOOK_FAILED);

  private final NodeId self;
  private final Policies policies;
  private final Supplier<Map<String, Hook>> hooks;
  private final Commands commands;
  private final VolumeMutex turns = new VolumeMutex();

  /** Takes a snapshot. */
  @FunctionalInterface
  public interface Taking<T> {
    T take() throws FailureException;
  }

  /**
   * Those of a node.
   *
   * @param pool whose volumes it has, by which a later daemon knows what this one has left
   * @param hooks the commands of its settings, as they are at the moment
   */
  public SnapshotHooks(
      NodeId self, String pool, Policies policies, Supplier<Map<String, Hook>> hooks) {
    this.self = self;
    this.policies = policies;
    this.hooks = hooks;
    this.commands =
        new Commands(
            new Launch(HOOK, "hooks of " + pool),
            AT_ONCE,
            new StuckChildren(),
            CommandObserver.NONE);
  }

  /**
   * Makes sure that this node has the commands that a policy names.
   *
   * @throws FailureException {@code HOOK_UNKNOWN}
   */
  public void requireKnown(Policy policy) throws FailureException {
    for (String name : policy.hooks().stream().flatMap(HookPolicy::names).toList()) {
      var _ = require(name);
    }
  }

  /**
   * Takes a snapshot, and runs what the volume's policy names before and after it.
   *
   * @param snapshot what it is called
   * @param context ends what is run before it, when it is cancelled
   * @throws FailureException {@code HOOK_FAILED} or {@code HOOK_UNKNOWN} where none is taken for
   *     that
   */
  public <T> T around(Volume volume, String snapshot, OperationContext context, Taking<T> taking)
      throws FailureException {
    Optional<HookPolicy> said = policies.of(volume.id(), volume.name()).flatMap(Policy::hooks);
    if (said.isEmpty()) {
      return taking.take();
    }
    context.waitsFor(Wait.HOOK);
    return turns.take(
        volume.id(),
        () -> {
          boolean isTaken = false;
          try {
            before(said.get(), volume, snapshot, context);
            context.waitsFor(Wait.SNAPSHOT);
            T taken = taking.take();
            isTaken = true;
            return taken;
          } finally {
            context.waitsFor(isTaken ? Wait.HOOK : Wait.SNAPSHOT);
            after(said.get(), volume, snapshot, isTaken);
          }
        });
  }

  private void before(HookPolicy said, Volume volume, String snapshot, OperationContext context)
      throws FailureException {
    if (said.before().isEmpty()) {
      return;
    }
    String name = said.before().get();
    try {
      boolean _ =
          CancellableWait.of(
              context,
              () -> {
                run(name, volume, Map.of("MOMENT", "before", "SNAPSHOT", snapshot));
                return true;
              });
    } catch (FailureException e) {
      boolean isOfTheHook =
          e.failure() == TransferFailure.HOOK_FAILED || e.failure() == TransferFailure.HOOK_UNKNOWN;
      if (said.onFailure() == HookPolicy.OnFailure.NO_SNAPSHOT || !isOfTheHook) {
        throw e;
      }
      tellFailed(name, volume, e);
    }
  }

  /** Whatever has ended the work before, an interrupt too: what was frozen has to thaw. */
  private void after(HookPolicy said, Volume volume, String snapshot, boolean isTaken) {
    if (said.after().isEmpty()) {
      return;
    }
    String name = said.after().get();
    Map<String, String> told =
        Map.of("MOMENT", "after", "SNAPSHOT", snapshot, "OUTCOME", isTaken ? "taken" : "failed");
    CompletableFuture<Void> done = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .name("hook")
            .start(() -> {
              try {
                run(name, volume, told);
              } catch (FailureException e) {
                tellFailed(name, volume, e);
              } catch (RuntimeException e) {
                Action.traceback(e);
              } finally {
                done.complete(null);
              }
            });
    var _ = done.join();
  }

  private void run(String name, Volume volume, Map<String, String> told) throws FailureException {
    Hook hook = require(name);
    Map<String, String> environment = new HashMap<>(hook.environment());
    told.forEach((key, value) -> environment.put("FLOCKER_" + key, value));
    environment.put("FLOCKER_HOOK", name);
    environment.put("FLOCKER_VOLUME", volume.id().toString());
    environment.put("FLOCKER_VOLUME_NAME", volume.name().toString());
    environment.put("FLOCKER_DATASET", volume.dataset().name());
    volume
        .dataset()
        .mountpoint()
        .ifPresent(folder -> environment.put("FLOCKER_MOUNTPOINT", folder.toString()));
    StringBuilder words = new StringBuilder();
    long begunNanos = System.nanoTime();
    Output output =
        commands.run(
            argv(hook), environment, hook.deadline().plus(BEYOND), line -> keep(words, line));
    Duration lasted = Duration.ofNanos(System.nanoTime() - begunNanos);
    keep(words, output.stderr().strip());
    String said = words.toString().strip();
    if (!said.isEmpty()) {
      Action.message(
          MessageType.HOOK_SAID,
          Map.of("hook", name, "volume", volume.id().toString(), "output", said));
    }
    if (output.exit() != 0) {
      throw TransferFailure.HOOK_FAILED
          .because(
              ENDED.contains(output.exit()) && lasted.compareTo(hook.deadline()) >= 0
                  ? "hook %s did not end within %s s and was ended"
                      .formatted(name, hook.deadline().toSeconds())
                  : "hook %s ended with exit status %d: %s"
                      .formatted(name, output.exit(), lastLine(said)))
          .with("hook", name)
          .with("output", said);
    }
  }

  /** timeout(1) has a process group of its own, and ends all of it. */
  private static List<String> argv(Hook hook) {
    List<String> argv = new ArrayList<>();
    argv.addAll(
        List.of(
            "timeout",
            "--kill-after=" + GRACE.toSeconds() + "s",
            hook.deadline().toMillis() / 1000.0 + "s"));
    argv.addAll(hook.command());
    return argv;
  }

  private static void keep(StringBuilder words, String line) {
    words.append(line).append('\n');
    if (words.length() > KEPT_CHARACTERS) {
      words.delete(0, words.length() - KEPT_CHARACTERS);
    }
  }

  private static String lastLine(String output) {
    return output.isEmpty() ? "it said nothing" : output.substring(output.lastIndexOf('\n') + 1);
  }

  private Hook require(String name) throws FailureException {
    Hook hook = hooks.get().get(name);
    if (hook == null) {
      throw TransferFailure.HOOK_UNKNOWN
          .because("flockerd.yml of node " + self + " names no hook '" + name + "'")
          .with("hook", name)
          .with("node", self);
    }
    return hook;
  }

  private static void tellFailed(String name, Volume volume, FailureException why) {
    Action.message(
        MessageType.HOOK_FAILED,
        Map.of("hook", name, "volume", volume.id().toString(), "reason", why.detail()));
  }
}
