package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.engine.EngineEvent;
import io.flocker.core.deploy.engine.EngineListener;
import io.flocker.core.deploy.engine.EngineWatch;
import io.flocker.core.failure.FailureException;
import io.flocker.http.net.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DockerWatchTest {
  private static final Pattern SINCE = Pattern.compile("since=(\\d+\\.\\d{9})&");

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CountDownLatch isOver = new CountDownLatch(1);
  private EventLoops loops;
  private FakeEngine fake;
  private DockerEngine engine;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    loops = EventLoops.start(1);
    Path socket = folder.resolve("docker.sock");
    fake = new FakeEngine(socket);
    engine = new DockerEngine(loops, socket);
  }

  @AfterEach
  void stop() throws IOException {
    isOver.countDown();
    engine.close();
    fake.close();
    loops.close();
  }

  @Test
  void looksAgainAfterEveryConnectionAndAsksForTheMomentsBefore() throws Exception {
    fake.reply("GET /events", goesOnAfter(event("start", "\"exitCode\":\"0\",")));
    try (EngineWatch _ = engine.watch(new Listener())) {
      assertEquals("look", heard.take());
      assertEquals("STARTED web aa OptionalInt.empty", heard.take());

      fake.stop();

      assertEquals("away engine-unavailable", heard.take());
      fake.instead("GET /events", goesOnAfter(event("die", "\"exitCode\":\"137\",")));
      fake.startAgain();
      String next = heard.take();
      while (next.startsWith("away")) {
        next = heard.take();
      }
      assertEquals("look", next);
      assertEquals("ENDED web aa OptionalInt[137]", heard.take());
    }

    List<String> asked =
        fake.requests().stream().filter(request -> request.contains("/events")).toList();
    assertEquals(2, asked.size());
    for (String request : asked) {
      Matcher since = SINCE.matcher(request);
      assertTrue(since.find(), request);
      long before = Instant.now().minus(DockerWatch.OVERLAP).getEpochSecond();
      assertTrue(Double.parseDouble(since.group(1)) <= before + 1, request);
    }
  }

  @Test
  void goesOnWhereTheEngineEndsTheStreamWellOrInTheMidstOfALine() throws Exception {
    fake.reply("GET /events", FakeEngine.stream(event("oom", "")));
    fake.reply("GET /events", FakeEngine.chunks(List.of("{\"Type\":\"cont")));
    fake.reply("GET /events", FakeEngine.stream("no JSON\n"));
    fake.reply("GET /events", goesOnAfter(event("destroy", "")));
    try (EngineWatch _ = engine.watch(new Listener())) {
      assertEquals("look", heard.take());
      assertEquals("OUT_OF_MEMORY web aa OptionalInt.empty", heard.take());
      assertEquals("away engine-unavailable", heard.take());
      assertEquals("look", heard.take());
      assertEquals("away engine-unavailable", heard.take());
      assertEquals("look", heard.take());
      assertEquals("away engine-output-unreadable", heard.take());
      assertEquals("look", heard.take());
      assertEquals("REMOVED web aa OptionalInt.empty", heard.take());
    }
  }

  @Test
  void aListenerThatThrowsHearsTheNextAllTheSame() throws Exception {
    fake.reply("GET /events", goesOnAfter(event("start", "") + event("pause", "")));
    try (EngineWatch _ =
        engine.watch(
            new Listener() {
              @Override
              public void happened(EngineEvent event) {
                super.happened(event);
                throw new IllegalStateException("a fault of the test's own");
              }
            })) {
      assertEquals("look", heard.take());
      assertEquals("STARTED web aa OptionalInt.empty", heard.take());
      assertEquals("CHANGED web aa OptionalInt.empty", heard.take());
    }
  }

  @Test
  void endsWithTheEngineThatMadeIt() throws Exception {
    fake.reply("GET /events", goesOnAfter(""));
    EngineWatch watch = engine.watch(new Listener());
    assertEquals("look", heard.take());

    engine.close();

    watch.close();
    assertTrue(heard.isEmpty());
  }

  private FakeEngine.Reply goesOnAfter(String events) {
    return out -> {
      FakeEngine.chunks(List.of()).write(out);
      if (!events.isEmpty()) {
        out.write(FakeEngine.chunk(events.getBytes(UTF_8)));
      }
      isOver.await();
    };
  }

  private static String event(String action, String attributes) {
    return """
    {"Type":"container","Action":"%s","Actor":{"ID":"aa","Attributes":{%s"flocker.application":"web"}},"timeNano":5}
    """
        .formatted(action, attributes);
  }

  private class Listener implements EngineListener {
    @Override
    public void look() {
      heard.add("look");
    }

    @Override
    public void happened(EngineEvent event) {
      heard.add(
          "%s %s %s %s"
              .formatted(event.kind(), event.application(), event.containerId(), event.exitCode()));
    }

    @Override
    public void away(FailureException failure) {
      heard.add("away " + failure.failure().type().replaceFirst(".*:", ""));
    }
  }
}
