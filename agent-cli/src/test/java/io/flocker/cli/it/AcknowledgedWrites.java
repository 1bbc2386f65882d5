package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.docker.TestEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a writer in a container has acknowledged, wherever it ran. It appends a number to a file of
 * its volume, has it written to disk, and only then prints it: what is printed must never be lost.
 * Beside that it fills another file, so that there is something to send.
 */
final class AcknowledgedWrites implements AutoCloseable {
  /** As long as it runs it counts on from what its volume says. */
  static final String PROGRAM =
      """
      trap 'exit 0' TERM
      n=0; [ ! -e /data/written ] || n=$(tail -n 1 /data/written)
      (i=0; while :; do i=$((i+1)); dd if=/dev/urandom of=/data/load bs=64k count=4 \
        seek=$((i % 32 * 4)) conv=notrunc 2>/dev/null; sleep 0.2; done) &
      while :; do
        n=$((n+1)); echo $n >> /data/written; sync -d /data/written && echo $n || exit 1
      done
      """;

  private static final long PAUSE_MILLIS = 50;

  /** One number that was acknowledged, and when, by its engine's clock. */
  record Write(long number, Instant time) {}

  private final String container;
  private final SequencedSet<Write> seen = new LinkedHashSet<>();
  private final List<Process> followers = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isClosed;

  /** Reads what the application's containers print, one after the other, in any of the engines. */
  AcknowledgedWrites(String application, Collection<TestEngine> engines) {
    container = "flocker--" + application;
    for (TestEngine engine : engines) {
      threads.add(Thread.ofVirtual().start(() -> follow(engine)));
    }
  }

  private void follow(TestEngine engine) {
    try {
      while (!isClosed) {
        Process logs =
            new ProcessBuilder(
                    "docker",
                    "--host",
                    "unix://" + engine.socket(),
                    "logs",
                    "--follow",
                    "--timestamps",
                    container)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        followers.add(logs);
        if (isClosed) {
          logs.destroy();
        }
        try (BufferedReader lines = logs.inputReader()) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            read(line);
          }
        }
        followers.remove(logs);
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      if (!isClosed) { // Else what it reads was ended under it.
        throw new IllegalStateException(e);
      }
    }
  }

  private void read(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 2) { // The last one of an engine that was killed may be cut.
      Write write = new Write(Long.parseLong(words[1]), Instant.parse(words[0]));
      synchronized (this) {
        seen.add(write);
      }
    }
  }

  /** The highest number so far; 0 if there is none. */
  synchronized long highest() {
    return seen.stream().mapToLong(Write::number).max().orElse(0);
  }

  /** All of them so far, by number. */
  synchronized List<Write> all() {
    Map<Long, Write> byNumber = new TreeMap<>();
    for (Write write : seen) {
      Write twin = byNumber.putIfAbsent(write.number(), write);
      assertTrue(
          twin == null, () -> "acknowledged twice, so that it was lost: " + twin + ", " + write);
    }
    return List.copyOf(byNumber.values());
  }

  /** Waits until more was acknowledged than {@code before}. */
  void awaitBeyond(long before) throws Exception {
    Await.until("an acknowledged write after " + before, () -> highest() > before);
  }

  /** Each was acknowledged once and in order, and all are in the volume. */
  void requireAll(Path volume) throws IOException {
    List<Write> acknowledged = all();
    Instant last = Instant.MIN;
    for (Write write : acknowledged) {
      Instant earlier = last;
      assertTrue(
          write.time().isAfter(earlier), () -> write + " was acknowledged before " + earlier);
      last = write.time();
    }
    List<String> written = Files.readAllLines(volume.resolve("written"));
    for (int index = 0; index < acknowledged.getLast().number(); index++) {
      assertEquals(String.valueOf(index + 1), written.get(index));
    }
  }

  @Override
  public void close() {
    isClosed = true;
    followers.forEach(Process::destroy);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
