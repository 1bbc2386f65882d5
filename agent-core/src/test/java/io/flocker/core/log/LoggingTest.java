package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.os.TestJvm;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;
  private Path log;

  @BeforeEach
  void names() {
    log = folder.resolve("logs/flockerd.log");
  }

  @Test
  void writesATreeOfActionsThatTheCheckerAccepts() throws Exception {
    try (Logging _ = start(LogLevel.DEBUG)) {
      Action push = Action.start(ActionType.PUSH, Map.of("volume", "default.mongodb"));
      push.call(() -> {
        Action.message(MessageType.TRANSFER_PROVEN, Map.of("bytes", 12L));
        return Action.start(ActionType.ZFS, Map.of("argv", List.of("zfs", "list")))
            .call(() -> "listed");
      });
    }

    EliotChecker checker = new EliotChecker().file(log);
    checker.verify();
    assertEquals(5, checker.messages());
    assertEquals(1, checker.tasks());
    assertEquals("default.mongodb", messages().getFirst().get("volume").stringValue());
    assertEquals(
        List.of(1), JSON.convertValue(messages().getFirst().get("task_level"), List.class));
  }

  @Test
  @DisplayName("A detail that is not told of leaves no gap, and what happens in it is told of")
  void commandsOfZfsAreForWhoLooksForAFault() throws Exception {
    TaskId onward;
    try (Logging _ = start(LogLevel.INFO)) {
      Action.startTask(ActionType.ZFS, Map.of())
          .call(() -> {
            Action.message(MessageType.TRANSFER_PROVEN, Map.of());
            return Action.start(ActionType.PUSH, Map.of()).call(() -> "a task of its own");
          });
      Action handoff = Action.startTask(ActionType.HANDOFF, Map.of());
      onward =
          handoff.call(() -> {
            Action zfs = Action.start(ActionType.ZFS, Map.of("argv", List.of("zfs", "list")));
            TaskId next =
                zfs.call(() -> {
                  Action.message(MessageType.TRANSFER_PROVEN, Map.of());
                  Action.start(ActionType.NFT, Map.of()).fail(new IOException("hidden, too"));
                  Action.start(ActionType.VOLUME_MOUNT, Map.of()).succeed(Map.of());
                  return zfs.reserve();
                });
            zfs.log(MessageType.TRANSFER_PROVEN, Map.of());
            return next;
          });
      assertEquals(handoff.task(), onward.task());
      Action.continueTask(onward).succeed(Map.of());
    }

    EliotChecker checker = new EliotChecker().file(log);
    checker.verify();
    assertEquals(3, checker.tasks());
    assertEquals(11, checker.messages());
  }

  @Test
  void whatFollowsALineThatAKilledDaemonHasCutIsWhole() throws Exception {
    try (Logging _ = start(LogLevel.INFO)) {
      Action.message(MessageType.CONFIG_LOADED, Map.of());
    }
    try (Logging _ = start(LogLevel.INFO)) {
      Action.message(MessageType.CONFIG_LOADED, Map.of());
    }
    assertEquals(2, messages().size(), "a whole line is no cut one");
    Files.writeString(log, "{\"timestamp\": 1", APPEND);

    try (Logging _ = start(LogLevel.INFO)) {
      Action.message(MessageType.CONFIG_LOADED, Map.of());
    }

    EliotChecker checker = new EliotChecker().allowingCuts(1).file(log);
    checker.verify();
    assertEquals(3, checker.messages());
  }

  @Test
  void continuesATaskOfAnotherNodeWhereItWasReserved() throws Exception {
    Path other = folder.resolve("other.log");
    String header;
    try (Logging _ = start(LogLevel.INFO)) {
      Action push = Action.startTask(ActionType.PUSH, Map.of());
      header = push.reserve().toString();
      push.succeed(Map.of());
    }
    try (Logging _ = Logging.start(new LogTarget.File(other))) {
      Action.continueTask(TaskId.parse(header).orElseThrow()).succeed(Map.of());
    }

    EliotChecker both = new EliotChecker().file(log).file(other);
    both.verify();
    assertEquals(1, both.tasks());
  }

  @Test
  void whatIsDoneQuietlyIsNotToldOf() throws Exception {
    try (Logging _ = start(LogLevel.INFO)) {
      Action handoff = Action.startTask(ActionType.HANDOFF, Map.of());
      handoff.call(() ->
          Action.<String, RuntimeException>quietly(() -> {
            Action.message(MessageType.TRANSFER_PROVEN, Map.of("bytes", 12L));
            return Action.startTask(ActionType.HANDOFF_RECOVER, Map.of()).call(() -> "done");
          }));
    }
    EliotChecker checker = new EliotChecker().file(log);
    checker.verify();
    assertEquals(2, checker.messages());
  }

  @Test
  void tellsWhyAnActionFailed() throws Exception {
    ScopedValue.CallableOp<Void, FailureException> refused =
        () -> {
          throw StorageFailure.NO_SPACE.because("tank is full").with("pool", "tank");
        };
    try (Logging _ = start(LogLevel.DEBUG)) {
      assertThrows(Exception.class, () -> Action.startTask(ActionType.ZFS, Map.of()).call(refused));
    }

    JsonNode end = messages().getLast();
    assertEquals("failed", end.get("action_status").stringValue());
    assertEquals("tank is full", end.get("reason").stringValue());
    assertEquals("urn:flocker:problem:no-space", end.get("failure").stringValue());
    assertEquals("tank", end.get("facts").get("pool").stringValue());
  }

  @Test
  void keepsATreeWholeWhenSomethingIsLoggedAfterTheEnd() throws Exception {
    try (Logging _ = start(LogLevel.DEBUG)) {
      Action push = Action.startTask(ActionType.PUSH, Map.of());
      push.succeed(Map.of());
      push.fail(new IOException("too late"));
      push.log(MessageType.TRANSFER_PROVEN, Map.of());
      push.startChild(ActionType.ZFS, Map.of()).succeed(Map.of());
      Action.continueTask(push.reserve()).succeed(Map.of());
    }

    EliotChecker checker = new EliotChecker().file(log);
    checker.verify();
    assertEquals(4, checker.tasks());
  }

  @Test
  void staysJsonWhateverTheFieldsHold() throws Exception {
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    cycle.add(cycle);
    Map<String, Object> fields = new HashMap<>();
    fields.put("nan", Double.NaN);
    fields.put("infinite", Float.NEGATIVE_INFINITY);
    fields.put("cycle", cycle);
    fields.put("huge", "x".repeat(1_000_000));
    fields.put("control", "\u0000\u001b\n\"\\\u2028\ud800");
    fields.put("thrower", new Thrower());
    fields.put("nothing", null);
    fields.put("array", new Object[] {1, "two"});
    fields.put("task_uuid", "forged");
    fields.put("_private", 1);
    try (Logging _ = start(LogLevel.INFO)) {
      Action.message(MessageType.CONFIG_LOADED, fields);
    }

    new EliotChecker().file(log).verify();
    JsonNode message = messages().getFirst();
    assertEquals("NaN", message.get("nan").stringValue());
    assertTrue(message.get("huge").stringValue().length() <= FieldCopy.MAX_STRING);
    assertEquals("forged", message.get("field_task_uuid").stringValue());
    assertEquals(1, message.get("field__private").intValue());
    assertTrue(message.get("nothing").isNull());
    assertEquals("two", message.get("array").get(1).stringValue());
    assertTrue(message.get("thrower").stringValue().startsWith("unloggable"));
    assertTrue(message.get("truncated").toString().contains("\"huge\""), message::toString);
  }

  @Test
  void isNotDisturbedByChangesThatComeAfterTheCall() throws Exception {
    List<String> argv = new ArrayList<>(List.of("zfs"));
    try (Logging _ = start(LogLevel.INFO)) {
      Action.message(MessageType.CONFIG_LOADED, Map.of("argv", argv));
      argv.add("destroy");
    }

    assertEquals(1, messages().getFirst().get("argv").size());
  }

  @Test
  @DisplayName("130 what libraries log and print is captured")
  void wrapsWhatLibrariesLogAndPrint() throws Exception {
    PrintStream before = System.out;
    try (Logging _ = start(LogLevel.INFO)) {
      LogManager.getLogger("log4j.lib").warn("by log4j", new IOException("broken"));
      org.slf4j.LoggerFactory.getLogger("slf4j.lib").info("by {}", "slf4j");
      Logger.getLogger("jul.lib").warning("by jul");
      System.out.println("by println");
      System.err.print("without a newline");
    }

    assertSame(before, System.out);
    new EliotChecker().file(log).verify();
    List<JsonNode> messages = messages();
    assertEquals(
        List.of("log4j.lib", "slf4j.lib", "jul.lib", "stdout", "stderr"),
        messages.stream().map(m -> m.get("logger").stringValue()).toList());
    assertEquals(
        List.of("by log4j", "by slf4j", "by jul", "by println", "without a newline"),
        messages.stream().map(m -> m.get("message").stringValue()).toList());
    JsonNode first = messages.getFirst();
    assertEquals("java.io.IOException", first.get("exception").stringValue());
    assertTrue(first.get("traceback").stringValue().contains("LoggingTest"));
  }

  @Test
  void goesOnCapturingAfterACollection() throws Exception {
    try (Logging _ = start(LogLevel.INFO)) {
      System.gc();
      LogManager.getLogger("log4j.lib").warn("still here");
    }

    assertEquals("still here", messages().getFirst().get("message").stringValue());
  }

  @Test
  void tellsOfExceptionsThatNobodyCaught() throws Exception {
    try (Logging _ = start(LogLevel.INFO)) {
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                throw new IllegalStateException("nobody catches this");
              });
      thread.join();
    }

    JsonNode message = messages().getFirst();
    assertEquals("eliot:traceback", message.get("message_type").stringValue());
    assertEquals("nobody catches this", message.get("reason").stringValue());
  }

  @Test
  void leavesOutWhatIsBelowItsLevelWithoutLeavingAGap() throws Exception {
    try (Logging _ = start(LogLevel.WARN)) {
      Action push = Action.startTask(ActionType.PUSH, Map.of());
      push.log(MessageType.ZFS_STDERR, Map.of());
      push.log(MessageType.TRANSFER_REFUSED, Map.of());
      push.succeed(Map.of());
      LogManager.getLogger("lib").info("left out");
      Logger.getLogger("jul.lib").info("left out");
    }

    EliotChecker checker = new EliotChecker().file(log);
    checker.verify();
    assertEquals(3, checker.messages());
  }

  @Test
  void logsNothingUnlessStarted() throws Exception {
    Action.startTask(ActionType.PUSH, Map.of()).succeed(Map.of());
    Action.message(MessageType.DAEMON_READY, Map.of());
    start(LogLevel.INFO).close();
    Action.message(MessageType.DAEMON_READY, Map.of());

    assertEquals("", Files.readString(log));
  }

  @Test
  void allowsOneLogAtATime() throws Exception {
    try (Logging _ = start(LogLevel.INFO)) {
      assertThrows(IllegalStateException.class, () -> start(LogLevel.INFO));
    }
    start(LogLevel.INFO).close();
  }

  @Test
  @DisplayName("130 a log file that cannot be written is named")
  void namesAFileThatCannotBeWritten() {
    LogTarget.File target = new LogTarget.File(folder);

    IOException failure = assertThrows(IOException.class, () -> Logging.start(target));

    assertTrue(String.valueOf(failure.getMessage()).contains(folder.toString()));
  }

  @Test
  @DisplayName("130 a log file is rotated at 100 MiB")
  void rotatesItsFileAt100MiB() throws Exception {
    long limit = 100L << 20;
    String large = "x".repeat(FieldCopy.MAX_STRING);
    Path first = log.resolveSibling("flockerd.log.1");
    try (Logging _ = start(LogLevel.INFO)) {
      while (Files.notExists(first)) { // What comes faster than a busy disk takes it is dropped.
        Action.message(MessageType.CONFIG_LOADED, Map.of("large", large));
      }
    }

    long rotated = Files.size(first);
    assertTrue(Math.abs(rotated - limit) < 1 << 20, () -> "rotated at " + rotated);
    assertTrue(Files.size(log) > 0);
  }

  @Test
  void isReadableByItsOwnerAndGroupAlone() throws Exception {
    start(LogLevel.INFO).close();

    assertFalse(Files.getPosixFilePermissions(log).toString().contains("OTHERS"));
  }

  @Test
  void isReadableByItsGroupWhateverTheUmaskKeepsFromIt() throws Exception {
    Process strict =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh",
                TestJvm.program(),
                "-cp",
                TestJvm.classPath(),
                Strict.class.getName(),
                log.toString())
            .inheritIO()
            .start();

    assertEquals(0, strict.waitFor());
    assertEquals("rwxr-xr-x", mode(log.resolveSibling(".")));
    assertEquals("rw-r-----", mode(log));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Logging start(LogLevel level) throws IOException {
    return Logging.start(new LogTarget.File(log), level, _ -> false);
  }

  private List<JsonNode> messages() throws IOException {
    return Arrays.stream(Files.readString(log, UTF_8).split("\n"))
        .map(line -> JSON.readTree(line))
        .toList();
  }

  /** Makes the log file that it is told. */
  static final class Strict {
    public static void main(String... arguments) throws IOException {
      Logging.start(new LogTarget.File(Path.of(arguments[0]))).close();
    }
  }

  private static final class Thrower {
    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }
}
