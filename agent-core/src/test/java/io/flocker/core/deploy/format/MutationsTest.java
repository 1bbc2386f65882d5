package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Good documents with a few bytes that are not: read, or refused, and nothing else. */
class MutationsTest {
  private static final int ROUNDS = 1_000;

  /** Far more than any of them needs on a busy machine. */
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private static final String FLOCKER =
      """
      version: 1
      applications:
        mysql:
          image: "host:5000/mysql:5.6"
          ports: [{internal: 3306, external: 3307}]
          links: [{local_port: 80, remote_port: 8080, alias: web}]
          environment: {A: b=c}
          volume: {mountpoint: /data, maximum_size: 2.5G}
          mem_limit: 100000000
          restart_policy: {name: on-failure, maximum_retry_count: 3}
      """;

  private static final String DEPLOYMENT = "version: 1\nnodes:\n  10.0.0.1: [mysql]\n  b: []\n";

  private static final String FIG =
      """
      web: {image: flask, links: ["db:mysql"], environment: [A=b, C], mem_limit: 1}
      db: {image: "mysql:5.6", ports: ["3307:3306"], volumes: [/var/lib/mysql]}
      """;

  private static final String COMPOSE =
      """
      services:
        web:
          image: registry:5000/web:${TAG}
          command: serve --name "two words" $$HOME
          env_file: web.env
          environment: {SIZE: 2, RATIO: 0.50}
          ports: ["8080:80", 9000-9001:7000-7001/udp, {target: 443, published: "8443"}]
          volumes: [data:/data/db, {type: volume, source: data, target: /logs}]
          cpus: 1.5
          ulimits: {nofile: {soft: 1024, hard: 4096}}
          healthcheck: {test: [CMD, a], interval: 1m30s, retries: 5}
          restart: on-failure:3
          stop_grace_period: 1m30s
      volumes: {data: {x-flocker: {maximum_size: 10G}}}
      """;

  private static final List<String> PIECES =
      List.of(
          "\n",
          "  ",
          ": ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "&a",
          "*a",
          "!!x ",
          "<<: ",
          "'",
          "\"",
          "#",
          "---\n",
          "null",
          "-1",
          "99999999999999999999",
          "1e9",
          "0x1",
          "\u0000",
          "\ufeff",
          "\u00e4",
          "\ud83d\ude00",
          "${A}",
          "$",
          "? ",
          "|",
          ">",
          "%",
          "\t",
          "true",
          ".inf",
          "2026-01-01",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
          "a: 1");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void applicationFileIsReadOrRefused(long seed) {
    mutate(seed, FLOCKER, bytes -> WishReader.applications(new SourceFile("a", bytes)));
    mutate(seed, FIG, bytes -> WishReader.applications(new SourceFile("a", bytes)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void deploymentFileIsReadOrRefused(long seed) {
    SourceFile applications = SourceFile.of("a", FLOCKER);
    mutate(seed, DEPLOYMENT, bytes -> WishReader.read(new SourceFile("d", bytes), applications));
    mutate(
        seed,
        "10.0.0.1:\n" + FLOCKER.indent(2),
        bytes -> WishReader.clusterState(new SourceFile("c", bytes)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void fileOfComposeIsReadOrRefused(long seed) {
    ComposeSurroundings plain = surroundings("A=1\n".getBytes(UTF_8));
    mutate(seed, COMPOSE, bytes -> WishReader.compose(new SourceFile("c", bytes), plain));
    mutate(
        seed,
        "# comment\nA='x' # y\nexport B=\"${TAG}\"\nC=$TAG\n",
        bytes -> WishReader.compose(SourceFile.of("c", COMPOSE), surroundings(bytes)));
  }

  @Test
  void longDocumentsEndQuickly() {
    for (String text :
        List.of(
            "a: ".repeat(80_000),
            "[".repeat(200_000),
            "{a: ".repeat(60_000),
            "- ".repeat(100_000),
            "'" + "x\n".repeat(100_000),
            "version: 1\napplications: {" + "a: {image: b}, ".repeat(15_000) + "}",
            "services: {a: {image: b, command: \"" + "\\\\ ".repeat(80_000) + "\"}}",
            "services: {a: {image: b, user: '" + "${A:-".repeat(50_000) + "'}}",
            "services: {a: {image: b, ports: [" + "'1-1000:1-1000', ".repeat(10_000) + "]}}",
            "version: 1\napplications: {a: {image: '" + "a/".repeat(100_000) + "'}}")) {
      byte[] bytes = text.getBytes(UTF_8);
      assertTimeoutPreemptively(
          DEADLINE,
          () -> {
            readOrRefuse(bytes, () -> WishReader.applications(new SourceFile("a", bytes)));
            readOrRefuse(
                bytes,
                () -> WishReader.compose(new SourceFile("c", bytes), surroundings(new byte[0])));
          });
    }
  }

  /** Reads bytes. */
  @FunctionalInterface
  private interface Reader {
    Object read(byte[] bytes) throws FormatException;
  }

  private static void mutate(long seed, String good, Reader reader) {
    Random random = new Random(seed);
    assertTimeoutPreemptively(
        DEADLINE,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = good.getBytes(UTF_8);
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
              bytes = mutated(bytes, random);
            }
            byte[] mutated = bytes;
            readOrRefuse(mutated, () -> reader.read(mutated));
          }
        });
  }

  private static void readOrRefuse(byte[] bytes, Executable reading) {
    try {
      reading.execute();
    } catch (FormatException e) {
      assertFalse(e.problems().isEmpty());
    } catch (Throwable e) {
      fail("something else than a refusal of " + new String(bytes, ISO_8859_1), e);
    }
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + random.nextInt(8));
    byte[] piece =
        switch (random.nextInt(4)) {
          case 0 -> new byte[] {(byte) random.nextInt(256)};
          case 1 -> new byte[0];
          case 2 -> Arrays.copyOfRange(bytes, end / 2, end);
          default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8);
        };
    byte[] result = Arrays.copyOf(bytes, at + piece.length + bytes.length - end);
    System.arraycopy(piece, 0, result, at, piece.length);
    System.arraycopy(bytes, end, result, at + piece.length, bytes.length - end);
    return result;
  }

  private static ComposeSurroundings surroundings(byte[] environment) {
    return new ComposeSurroundings(
        Map.of("TAG", "7"),
        path -> {
          if (path.equals("web.env")) {
            return environment;
          }
          throw new NoSuchFileException(path);
        });
  }
}
