package io.flocker.http.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one caller listens to, as text of the route's media type. On the connection's event loop
 * only; nothing blocks.
 */
public interface EventSource extends AutoCloseable {
  /** What is sent at once. */
  String greeting();

  /** What is to be sent next; null if there is nothing now. */
  @Nullable String poll();

  /** What is sent when there was nothing for {@link #pace}. */
  String heartbeat();

  /** How long a caller may be left without a sign of life. */
  Duration pace();

  /** Whether the caller is too slow: it is sent the farewell, and disconnected. */
  boolean isLagging();

  /** What is sent last: why it ends, and how to go on. */
  String farewell();

  /** The caller listens no more. Idempotent. */
  @Override
  void close();
}
