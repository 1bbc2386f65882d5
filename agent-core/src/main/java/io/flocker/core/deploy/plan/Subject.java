package io.flocker.core.deploy.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.volume.VolumeName;
import java.util.Comparator;
import java.util.Locale;

/**
 * An object that changes are about: of two changes that share one, the later waits for the earlier.
 *
 * @param name of the application or volume, that of the volume for its replication, number and
 *     protocol of the port; empty for the others, of which there is one
 */
public record Subject(Kind kind, String name) implements Comparable<Subject> {
  /** The one table of routes and open ports. */
  public static final Subject ROUTES = new Subject(Kind.ROUTES, "");

  /** This node as a whole. */
  public static final Subject NODE = new Subject(Kind.NODE, "");

  private static final Comparator<Subject> ORDER =
      Comparator.comparing(Subject::kind).thenComparing(Subject::name);

  /** What there is to change. */
  public enum Kind {
    APPLICATION,
    VOLUME,
    /** Which nodes hold a volume; what holds it up holds up nothing else of the volume. */
    REPLICATION,
    /** One that containers of this node listen at; only one at a time can. */
    PORT,
    ROUTES,
    /** This node as a whole, of obstacles only. */
    NODE
  }

  /** The application of that name. */
  public static Subject application(String name) {
    return new Subject(Kind.APPLICATION, name);
  }

  /** The volume of that name. */
  public static Subject volume(VolumeName name) {
    return new Subject(Kind.VOLUME, name.toString());
  }

  /** What is said of the replication of the volume of that name. */
  public static Subject replication(VolumeName name) {
    return new Subject(Kind.REPLICATION, name.toString());
  }

  /** The port at which an application answers. */
  public static Subject port(ExternalPort port) {
    return new Subject(Kind.PORT, port.toString());
  }

  /** By kind, then by name. */
  @Override
  public int compareTo(Subject other) {
    return ORDER.compare(this, other);
  }

  /** Such as {@code application web}. */
  @JsonValue
  @Override
  public String toString() {
    return (kind.name().toLowerCase(Locale.ROOT) + " " + name).strip();
  }
}
