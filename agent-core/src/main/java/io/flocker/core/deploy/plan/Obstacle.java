package io.flocker.core.deploy.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Something that keeps the wish from coming true, about which a plan can do nothing.
 *
 * @param subject what stays as it is therefore
 * @param text a sentence for people, with what to do where somebody can do something
 */
public record Obstacle(Kind kind, Subject subject, String text) implements Comparable<Obstacle> {
  /** What programs tell obstacles apart by. */
  public enum Kind {
    /** The container engine cannot be asked. */
    ENGINE_UNKNOWN,
    /** The container engine does not say how one container is. */
    CONTAINER_UNKNOWN,
    /** The pool is away. */
    VOLUMES_UNKNOWN,
    /** The routes in force cannot be told. */
    ROUTES_UNKNOWN,
    /** The wish names a node that this one does not know. */
    NODE_UNKNOWN,
    /** The wish names a node by what several have. */
    NODE_AMBIGUOUS,
    /** The node that shall have it does not answer. */
    NODE_UNREACHABLE,
    /** No address of the node that has it is one that packets can be led to. */
    NODE_UNROUTABLE,
    /** Two volumes have the name. */
    VOLUME_AMBIGUOUS,
    /** It shall be copied to the node that has it, and to no other. */
    NO_OTHER_NODE,
    /** It shall leave, and something that has to be done first cannot be. */
    STAYS,
    /** It starts after an application that cannot start. */
    STARTS_LATER,
    /** It has ended, and its policy leaves it at that. */
    ENDED,
    /** It runs and its test fails, and its policy leaves it at that. */
    UNHEALTHY;

    /** As it stands in JSON, such as {@code node-unknown}. */
    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** By subject, then by kind. */
  @Override
  public int compareTo(Obstacle other) {
    int bySubject = subject.compareTo(other.subject);
    return bySubject == 0 ? kind.compareTo(other.kind) : bySubject;
  }
}
