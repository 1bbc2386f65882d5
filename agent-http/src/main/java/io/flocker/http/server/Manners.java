package io.flocker.http.server;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Principal;
import io.flocker.http.route.Body;
import java.util.List;
import java.util.Map;

/** What a server's callers have to say in a request, and how they are told of failures. */
enum Manners {
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
    Answer refusal(FailureException failure, Principal self) {
      return Answer.of(failure, self);
    }
  },

  /**
   * As Docker's engine speaks to its plugins: it names no host, or an empty one, says no type of
   * what it sends, accepts by its own name what is JSON all the same, and shows its users the
   * failures that come with status 200. What a plugin does not have is a 404.
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
    Answer refusal(FailureException failure, Principal self) {
      Failure known = failure.failure();
      int status = known == RequestFailure.NOT_FOUND ? known.status() : OK;
      String text = known.title() + ": " + failure.detail() + "\n" + known.remedy();
      return Answer.json(status, Map.of(ERROR, text));
    }
  };

  private static final int OK = 200; // RFC 9110, section 15.3.1
  private static final String ERROR = "Err";

  /** Demands that the body is said to be what the route takes: {@value Body#JSON}. */
  abstract void requireBody(RequestHead head) throws FailureException;

  /** Demands that the caller takes one of {@code offered}. */
  abstract void requireAccepts(RequestHead head, List<String> offered) throws FailureException;

  /** The answer that tells a failure of {@code self}. */
  abstract Answer refusal(FailureException failure, Principal self);

  /** Whether a request may be for no host, which has to be named else. */
  boolean needsHost() {
    return this == STRICT;
  }
}
