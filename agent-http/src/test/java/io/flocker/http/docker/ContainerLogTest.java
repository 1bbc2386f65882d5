package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.http.net.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The last lines of a container, by engines that do not come to an end. */
@Timeout(60)
class ContainerLogTest {
  private static final Container WEB =
      new Container(
          "abc",
          "flocker--web",
          ContainerDefinition.of(Applications.PLAIN, 1, Map.of(), "node-1"),
          "",
          false,
          new ContainerState(
              ContainerState.Status.EXITED,
              1,
              false,
              "",
              Optional.empty(),
              "",
              Optional.empty(),
              Optional.empty()));

  private final CountDownLatch isOver = new CountDownLatch(1);
  private EventLoops loops;
  private FakeEngine fake;
  private DockerEngine engine;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    loops = EventLoops.start(1);
    Path socket = folder.resolve("docker.sock");
    fake = new FakeEngine(socket);
    fake.reply("GET /containers/abc/json", FakeEngine.json(200, "{\"Config\":{\"Tty\":true}}"));
    Duration longer = Duration.ofMinutes(10);
    engine = new DockerEngine(loops, socket, new Patience(longer, longer, Duration.ofSeconds(3)));
  }

  @AfterEach
  void stop() throws IOException {
    isOver.countDown();
    engine.close();
    fake.close();
    loops.close();
  }

  @Test
  void areWhatItWroteLast() throws Exception {
    log(FakeEngine.stream("one\n", "two\n"));

    assertEquals("one\ntwo\n", engine.tail(WEB, 20));
  }

  @Test
  void areGivenUpWhereTheEngineSendsAByteNowAndThen() {
    log(out -> {
      FakeEngine.chunks(List.of()).write(out);
      while (!isOver.await(20, TimeUnit.MILLISECONDS)) {
        out.write(FakeEngine.chunk("x".getBytes(UTF_8)));
        out.flush();
      }
    });

    assertSilent();
  }

  @Test
  void areGivenUpWhereTheEngineNeverEnds() {
    byte[] chunk = FakeEngine.chunk("x".repeat(60_000).getBytes(UTF_8));
    log(out -> {
      FakeEngine.chunks(List.of()).write(out);
      while (isOver.getCount() > 0) {
        out.write(chunk);
      }
    });

    assertSilent();
  }

  @Test
  void areGivenUpWhereTheEngineSendsNothingButSignsOfLife() {
    log(out -> {
      FakeEngine.chunks(List.of("begun")).write(out);
      isOver.await();
    });

    assertSilent();
  }

  private void log(FakeEngine.Reply reply) {
    fake.reply("GET /containers/abc/logs", reply);
  }

  private void assertSilent() {
    FailureException failure = assertThrows(FailureException.class, () -> engine.tail(WEB, 20));
    assertEquals(EngineFailure.ENGINE_SILENT, failure.failure(), failure.detail());
  }
}
