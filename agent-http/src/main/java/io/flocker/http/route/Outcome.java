package io.flocker.http.route;

import java.util.ArrayList;
import java.util.List;

/**
 * One way in which a request can succeed.
 *
 * @param status from 200 to 399
 * @param bodies the same thing in each media type that can be asked for; empty for none
 * @param headers those that a caller builds on, such as {@code Location}
 */
public record Outcome(int status, List<Body> bodies, List<Parameter> headers) {
  Outcome with(Body body) {
    List<Body> more = new ArrayList<>(bodies);
    more.add(body);
    return new Outcome(status, List.copyOf(more), headers);
  }

  Outcome with(Parameter header) {
    List<Parameter> more = new ArrayList<>(headers);
    more.add(header);
    return new Outcome(status, bodies, List.copyOf(more));
  }
}
