package io.flocker.core.deploy.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.Locale;

/**
 * Why something is changed.
 *
 * @param text half a sentence for people, such as "its image differs"
 */
public record Reason(Kind kind, String text) implements Comparable<Reason> {
  private static final Comparator<Reason> ORDER =
      Comparator.comparing(Reason::kind).thenComparing(Reason::text);

  /** What programs tell reasons apart by. */
  public enum Kind {
    /** It is wished here, and has no container. */
    WISHED,
    /** No node shall run it. */
    NOT_WISHED,
    /** Another node shall run it. */
    MOVES,
    /** A volume that it uses goes to another node. */
    VOLUME_LEAVES,
    /** A volume that it uses is not this node's to write any more. */
    VOLUME_LOST,
    /** Its container has ended, or never ran. */
    NOT_RUNNING,
    /** Its test says so. */
    UNHEALTHY,
    /** A part of what its container is made from differs: each part is a reason. */
    DEFINITION,
    /** A volume that it uses is mounted in another folder of the node. */
    FOLDER,
    /** This node is reached by another name, at which its links are to lead. */
    LINK_HOST,
    /** Somebody has told the engine to start it by itself. */
    ENGINE_POLICY;

    /** As it stands in JSON, such as {@code volume-leaves}. */
    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** By kind, then by text. */
  @Override
  public int compareTo(Reason other) {
    return ORDER.compare(this, other);
  }
}
