package io.flocker.http.docker;

import io.flocker.core.failure.FailureException;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** An answer that goes on, read as it comes. One thread; any may close. */
final class EngineStream implements AutoCloseable {
  private final DockerApi api;
  private final EngineCall call;
  private final EngineExchange exchange;
  private final HttpHeaders headers;

  EngineStream(DockerApi api, EngineCall call, EngineExchange exchange, HttpHeaders headers) {
    this.api = api;
    this.call = call;
    this.exchange = exchange;
    this.headers = headers;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** Where it comes from. */
  EngineSocket engine() {
    return api.socket();
  }

  /** What it answers. */
  EngineCall call() {
    return call;
  }

  /**
   * Waits for more.
   *
   * @param patience how often the engine is asked for a sign of life where nothing comes
   * @return empty at the end
   * @throws FailureException if the engine goes away, or gives no sign of life
   */
  Optional<byte[]> next(Duration patience) throws FailureException {
    return api.next(call, exchange, patience);
  }

  /**
   * Waits for more of what ends soon: signs of life are not enough for that.
   *
   * @return empty at the end
   * @throws FailureException {@code ENGINE_SILENT} where that has not come by then; if the engine
   *     goes away
   */
  Optional<byte[]> nextBy(Deadline deadline) throws FailureException {
    return api.nextBy(call, exchange, deadline);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
