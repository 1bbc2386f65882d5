package io.flocker.core.deploy.converge;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How an object stands that the wish is about.
 *
 * @param kind application, volume, routes or node, as the plan has it
 * @param name of the application or the volume; empty for the others, of which there is one
 * @param text what is done or waited for, or why nothing can be done; if it is as wished, what
 *     could not be done about it all the same, as a rule nothing
 * @param since when it has been in that state
 * @param lastError the problem document of the last failure since it was as wished
 * @param tries how many times in a row something has failed
 * @param nextTry when it is tried again; of {@link State#FAILED} only
 */
public record ObjectStatus(
    String kind,
    String name,
    State state,
    String text,
    Instant since,
    Optional<Map<String, Object>> lastError,
    int tries,
    Optional<Instant> nextTry) {
  /** How far it is. */
  public enum State {
    /** As the wish wants it. */
    AS_WISHED,
    /** A change is under way. */
    CHANGING,
    /** Something else has to happen first. */
    WAITING,
    /** A change has failed, and is tried again. */
    FAILED,
    /** Something is in the way, about which nothing can be done here. */
    HINDERED;

    /** As it stands in JSON. */
    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The same but for what changes with every try. */
  boolean isLike(ObjectStatus other) {
    return state == other.state && text.equals(other.text) && tries == other.tries;
  }

  /** The same, in that state since then. */
  ObjectStatus with(Instant from) {
    return new ObjectStatus(kind, name, state, text, from, lastError, tries, nextTry);
  }
}
