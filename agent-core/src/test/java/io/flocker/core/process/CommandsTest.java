package io.flocker.core.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.LogTarget;
import io.flocker.core.log.Logging;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CommandsTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(200);

  static final Asked SHELL =
      new Asked(
          "the shell",
          ActionType.ZFS,
          StorageFailure.ZFS_UNAVAILABLE,
          StorageFailure.ZFS_TIMEOUT,
          StorageFailure.ZFS_OUTPUT_UNREADABLE);

  private final StuckChildren stuck = new StuckChildren();
  private final Commands commands =
      new Commands(new Launch(SHELL, "things"), 2, stuck, CommandObserver.NONE);

  @Test
  @DisplayName("41 what an exit status means: 0, 1, 2 and any other")
  void tellsHowACommandEnded() throws Exception {
    assertEquals(new Output(0, "said", ""), run("printf said"));
    assertTrue(run("exit 0").isSuccess());
    assertEquals("failed", run("printf why >&2; exit 1").ending());
    assertEquals("why", run("printf why >&2; exit 1").stderr());
    assertEquals("does not know these arguments", run("exit 2").ending());
    assertEquals("ended with status 255", run("exit 255").ending());
    assertEquals("ended with status 143", run("kill -TERM $$").ending());
  }

  @Test
  void hasASmallEnvironmentAndNothingOnStdin() throws Exception {
    assertEquals("C\n", run("cat; echo $LC_ALL").stdout());
    assertFalse(run("env").stdout().contains("HOME="));
  }

  @Test
  void argumentsOfUsersAreNeitherLoggedNorTold(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log");
    Asked users = Asked.ofUsers("hook", ActionType.HOOK, TransferFailure.HOOK_FAILED);
    Commands hooks = new Commands(new Launch(users, "things"), 2, stuck, CommandObserver.NONE);
    List<String> endless = List.of("timeout", "60s", "/bin/sh", "-c", "sleep 60", "PASSWORD");
    FailureException late;
    try (Logging _ = Logging.start(new LogTarget.File(log))) {
      assertEquals(0, hooks.run(List.of("/bin/true", "PASSWORD"), LONG).exit());
      late = assertThrows(FailureException.class, () -> hooks.run(endless, SHORT));
    }

    assertTrue(late.detail().startsWith("hook did not answer about /bin/sh "), late.detail());
    assertEquals(List.of("sleep"), users.told(List.of("sleep", "60", "PASSWORD")), "a child's");
    String logged = Files.readString(log);
    assertTrue(logged.contains("[\"/bin/true\"]"), logged);
    assertFalse(logged.contains("PASSWORD"), logged);
  }

  @Test
  void givesMoreToReadThanAPipeHolds() throws Exception {
    String given = "0123456789".repeat(100_000);

    assertEquals(given, commands.run(shell("cat"), given, given.length(), LONG).stdout());
  }

  @Test
  void doesNotMindAChildThatReadsNothing() throws Exception {
    String given = "0123456789".repeat(100_000);

    assertEquals(3, commands.run(shell("exit 3"), given, 10, LONG).exit());
    FailureException failure =
        assertThrows(
            FailureException.class, () -> commands.run(shell("exec sleep 1000"), given, 10, SHORT));
    assertEquals(StorageFailure.ZFS_TIMEOUT, failure.failure());
    assertTrue(failure.detail().startsWith("the shell did not answer"), failure.detail());
  }

  @Test
  @DisplayName("I24 a program that is missing or not executable is named")
  void namesAProgramThatCannotBeStarted(@TempDir Path folder) throws Exception {
    Path plain = Files.writeString(folder.resolve("zfs"), "#!/bin/sh\n");

    failed(StorageFailure.ZFS_UNAVAILABLE, "/nowhere/zfs", List.of("/nowhere/zfs", "list"), LONG);
    failed(
        StorageFailure.ZFS_UNAVAILABLE, plain.toString(), List.of(plain.toString(), "list"), LONG);
  }

  @Test
  @DisplayName("I24 a program that hangs is ended and named")
  void endsAProgramThatHangs() throws Exception {
    List<String> argv = shell("echo before >&2; exec sleep 1000");

    FailureException failure = failed(StorageFailure.ZFS_TIMEOUT, "exec sleep 1000", argv, SHORT);
    assertFalse(failure.detail().contains("cannot be killed"), failure.detail());
    assertEquals(List.of(), stuck.list());
  }

  @Test
  void saysThatItWaitedBehindOthers(@TempDir Path folder) throws Exception {
    Path fifo = folder.resolve("fifo");
    run("mkfifo " + fifo);
    List<CompletableFuture<Output>> blocked =
        List.of(inBackground("cat < " + fifo), inBackground("cat < " + fifo));
    try (var writer = Files.newOutputStream(fifo)) {
      // Both permits are out once both have opened the pipe; until then this may still succeed.
      while (tryShortly() != StorageFailure.ZFS_TIMEOUT) {
        Thread.onSpinWait();
      }
      writer.write('x');
    }
    for (CompletableFuture<Output> command : blocked) {
      assertTrue(command.join().isSuccess());
    }
    assertTrue(run("true").isSuccess(), "permits come back");
  }

  @Test
  void refusesToReadWithoutEnd() throws Exception {
    failed(
        StorageFailure.ZFS_OUTPUT_UNREADABLE,
        Integer.toString(Commands.MAX_STDOUT_BYTES),
        shell("head -c " + (Commands.MAX_STDOUT_BYTES + 1) + " /dev/zero"),
        LONG);
  }

  @Test
  void givesAwayLineByLineWhatNobodyCouldHold() throws Exception {
    long[] seen = new long[2];
    Output output =
        commands.run(
            shell("yes 'a line of a listing that never fits' | head -n 2000000; printf last"),
            LONG,
            line -> {
              seen[0]++;
              seen[1] += line.length();
            });

    assertEquals("", output.stdout());
    assertEquals(2_000_001, seen[0]);
    assertEquals(2_000_000L * "a line of a listing that never fits".length() + 4, seen[1]);
  }

  @Test
  void tellsWhatIsWrongWithALine() {
    FailureException failure =
        assertThrows(
            FailureException.class,
            () ->
                commands.run(
                    shell("yes"),
                    LONG,
                    line -> {
                      throw StorageFailure.SNAPSHOT_HELD.because(line);
                    }));

    assertEquals(StorageFailure.SNAPSHOT_HELD, failure.failure());
  }

  @Test
  void refusesALineWithoutEnd() {
    FailureException failure =
        assertThrows(
            FailureException.class,
            () -> commands.run(shell("head -c 10000000 /dev/zero"), LONG, _ -> {}));

    assertEquals(StorageFailure.ZFS_OUTPUT_UNREADABLE, failure.failure());
  }

  @Test
  @DisplayName("I12 of much stderr the tail is kept")
  void keepsTheTailOfStderr() throws Exception {
    Output output = run("head -c 1048576 /dev/zero | tr '\\0' x >&2; printf end >&2");

    assertEquals(StderrTail.KEPT_BYTES, output.stderr().length());
    assertTrue(output.stderr().endsWith("end"));
  }

  @Test
  void endsTheCommandOfAnInterruptedThread() {
    Thread.currentThread().interrupt();
    FailureException failure =
        assertThrows(FailureException.class, () -> commands.run(shell("sleep 1000"), LONG));

    assertEquals(TransferFailure.CANCELLED, failure.failure());
    assertTrue(Thread.interrupted());
  }

  private CompletableFuture<Output> inBackground(String script) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return run(script);
          } catch (FailureException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private @Nullable Failure tryShortly() {
    try {
      Output _ = commands.run(shell("true"), SHORT);
      return null;
    } catch (FailureException e) {
      return e.failure();
    }
  }

  private Output run(String script) throws FailureException {
    return commands.run(shell(script), LONG);
  }

  private FailureException failed(
      Failure expected, String named, List<String> argv, Duration deadline) {
    FailureException failure =
        assertThrows(FailureException.class, () -> commands.run(argv, deadline));
    assertEquals(expected, failure.failure(), failure.detail());
    assertTrue(failure.detail().contains(named), failure.detail());
    return failure;
  }

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script);
  }
}
