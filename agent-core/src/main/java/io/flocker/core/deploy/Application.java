package io.flocker.core.deploy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One container that shall run, with its volumes. Two that mean the same are equal, whatever the
 * order in which their parts were written.
 *
 * @param name unique in the cluster; letters, digits, {@code _}, {@code .} and {@code -}
 * @param image what the container is made from
 * @param pullPolicy when the image is fetched; {@link PullPolicy#MISSING} where JSON does not say
 * @param program what runs in it
 * @param ports what the cluster can reach of it
 * @param links how it finds others
 * @param volumes its volumes, by mountpoint
 * @param limits what it may take
 * @param privileges what it may do
 * @param healthCheck if the image's own is not what is wanted
 * @param labels for people and other programs; none of them begins with {@value #OWN_LABELS}
 * @param restartPolicy what is done when it ends; {@link RestartPolicy#NEVER} where JSON does not
 *     say
 * @param startsAfter applications that run first where they are on the same node
 * @param stopTimeout how long it may take to end before it is killed; empty for the image's or the
 *     engine's own
 */
public record Application(
    String name,
    Image image,
    PullPolicy pullPolicy,
    Program program,
    List<Port> ports,
    List<Link> links,
    List<MountedVolume> volumes,
    Limits limits,
    Privileges privileges,
    Optional<HealthCheck> healthCheck,
    SortedMap<String, String> labels,
    RestartPolicy restartPolicy,
    SortedSet<String> startsAfter,
    Optional<Duration> stopTimeout) {
  /** What flockerd's own labels of a container begin with. */
  public static final String OWN_LABELS = "flocker.";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  public Application {
    name = requireName(name);
    pullPolicy = pullPolicy == null ? PullPolicy.MISSING : pullPolicy;
    program = program == null ? Program.OF_THE_IMAGE : program;
    ports = Copies.sortedList(ports);
    links = Copies.sortedList(links);
    volumes = Copies.sortedList(volumes);
    limits = limits == null ? Limits.NONE : limits;
    privileges = privileges == null ? Privileges.USUAL : privileges;
    labels = Copies.sorted(labels);
    restartPolicy = restartPolicy == null ? RestartPolicy.NEVER : restartPolicy;
    startsAfter = Copies.sorted(startsAfter);
    requireOneEach("external port", ports, Port::externalText);
    requireOneEach("link", links, Link::prefix);
    requireOneEach("mountpoint", volumes, MountedVolume::mountpoint);
    for (String label : labels.keySet()) {
      if (label.startsWith(OWN_LABELS)) {
        throw new IllegalArgumentException("the label " + label + " is one of flockerd's own");
      }
    }
    if (startsAfter.contains(name)) {
      throw new IllegalArgumentException(name + " cannot start after itself");
    }
    stopTimeout.ifPresent(timeout -> Copies.atLeast(0, timeout.toMillis(), "a stop timeout"));
  }

  /** One to be made of its parts. */
  public static ApplicationBuilder named(String name, Image image) {
    return new ApplicationBuilder(name, image);
  }

  /**
   * The same name, if an application can be called that.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an application's name is of at most 63 letters, digits, '_', '.' and '-', not '"
              + name
              + "'");
    }
    return name;
  }

  /** The same to be made with other parts. */
  public ApplicationBuilder with() {
    return new ApplicationBuilder(this);
  }

  /**
   * The part that its container is made with. Whatever differs in it needs another container, and
   * so a restart. The sizes of volumes, and what flockerd does itself by the policies, the order of
   * starts and the time to stop, take effect while the application runs; profiles and metadata are
   * for volumes that are made.
   */
  public Application container() {
    return with()
        .volumes(volumes.stream().map(MountedVolume::mount).toList())
        .pullPolicy(PullPolicy.MISSING)
        .restartPolicy(RestartPolicy.NEVER)
        .startsAfter(Set.of())
        .stopTimeout(Optional.empty())
        .build();
  }

  /** Whether the container of this one has to be replaced to become {@code wished}. */
  public boolean needsRestart(Application wished) {
    return !container().equals(wished.container());
  }

  /**
   * Why {@link #needsRestart}: the parts of the container that differ, by their names here, such as
   * {@code image}; none if it does not.
   */
  public SortedSet<String> restartReasons(Application wished) {
    return ApplicationParts.different(container(), wished.container());
  }

  /** What the label {@code flocker.digest} says: equal for equal containers, on every node. */
  public String digest() {
    return ApplicationParts.digest(container());
  }

  private static <T> void requireOneEach(String what, List<T> all, Function<T, String> key) {
    Set<String> seen = new HashSet<>();
    for (T one : all) {
      if (!seen.add(key.apply(one))) {
        throw new IllegalArgumentException(
            "the " + what + " " + key.apply(one) + " is there twice");
      }
    }
  }
}
