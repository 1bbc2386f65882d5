package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What comes back while a body goes out. Called on the upload's event loop. */
public interface UploadListener {
  /**
   * The peer has accepted the head: the body may flow. Called once, first, unless it is refused.
   */
  void accepted(Upload upload);

  /** {@link Upload#isWritable} has changed. */
  void writabilityChanged();

  /** An interim response came; {@code headers} by lower-case name. */
  void interim(Map<String, String> headers);

  /**
   * The final response came, perhaps before the body has ended: stop writing. Nothing is called
   * after it; the connection goes back to the pool if the body was whole, else it is closed.
   */
  void response(int status, JsonNode body);

  /** The connection failed, or the peer is not who was meant. Nothing is called after it. */
  void failed(FailureException failure);
}
