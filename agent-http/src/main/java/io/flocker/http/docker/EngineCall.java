package io.flocker.http.docker;

import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the engine.
 *
 * @param doing for people, such as "start container 1a2b3c4d5e6f"
 * @param path below the version of the API, with its query
 * @param body anything Jackson writes; null for none
 * @param patience how long the answer may take to begin, and then to come
 */
record EngineCall(
    String doing, HttpMethod method, String path, @Nullable Object body, Duration patience) {
  /** Of what the engine only has to look up. */
  private static final Duration OF_A_LOOK = Duration.ofSeconds(60);

  /** Of what it has to do on its disk or with the kernel. */
  private static final Duration OF_A_CHANGE = Duration.ofMinutes(3);

  static EngineCall get(String doing, String path) {
    return new EngineCall(doing, HttpMethod.GET, path, null, OF_A_LOOK);
  }

  static EngineCall head(String doing, String path) {
    return new EngineCall(doing, HttpMethod.HEAD, path, null, OF_A_LOOK);
  }

  static EngineCall post(String doing, String path, @Nullable Object body) {
    return new EngineCall(doing, HttpMethod.POST, path, body, OF_A_CHANGE);
  }

  static EngineCall delete(String doing, String path) {
    return new EngineCall(doing, HttpMethod.DELETE, path, null, OF_A_CHANGE);
  }

  EngineCall within(Duration longer) {
    return new EngineCall(doing, method, path, body, longer);
  }

  /** Whether it leaves everything as it is. */
  boolean isLook() {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  /** For the log; the query of a change may hold nothing but names. */
  Map<String, Object> fields() {
    return new TreeMap<>(Map.of("method", method.name(), "path", path));
  }
}
