package io.flocker.http.server;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Principal;
import io.flocker.http.route.Body;
import java.util.List;
import java.util.Map;

/** How strictly a server reads requests, and how it tells its callers of failures. */
enum Dialect {
  /** As RFC 9110, 9112 and 9457 have it. */
  STRICT {
    @Override
    void requireBody(RequestHead head) throws FailureException {
      MediaTypes.requireJson(head);
    }

    @Override
    void requireAccepts(RequestHead head, List<String> offered) throws FailureException {
      MediaTypes.requireAccepts(head, offered);
    }

    @Override
    FinalResponse refusal(FailureException failure, Principal self) {
      return FinalResponse.of(failure, self);
    }
  },

  /**
   * As Docker's engine speaks to its plugins: it sends no Host or an empty one, sends no
   * Content-Type, names a media type of its own in Accept and takes JSON all the same, and shows
   * its users only failures that come with status 200. What a plugin does not have is a 404.
   */
  DOCKER_PLUGIN {
    @Override
    void requireBody(RequestHead head) {
      // It is JSON, or is refused for not being any.
    }

    @Override
    void requireAccepts(RequestHead head, List<String> offered) {
      // It takes JSON.
    }

    @Override
    FinalResponse refusal(FailureException failure, Principal self) {
      Failure known = failure.failure();
      int status = known == RequestFailure.NOT_FOUND ? known.status() : OK;
      String text = known.title() + ": " + failure.detail() + "\n" + known.remedy();
      return FinalResponse.json(status, Map.of(ERROR, text));
    }
  };

  private static final int OK = 200; // RFC 9110, section 15.3.1
  private static final String ERROR = "Err";

  /** Demands that the Content-Type is what the route takes: {@value Body#JSON}. */
  abstract void requireBody(RequestHead head) throws FailureException;

  /** Demands that the caller takes one of {@code offered}. */
  abstract void requireAccepts(RequestHead head, List<String> offered) throws FailureException;

  /** The response that tells a failure of {@code self}. */
  abstract FinalResponse refusal(FailureException failure, Principal self);

  /** Whether a request has to name its host. */
  boolean needsHost() {
    return this == STRICT;
  }
}
