package io.flocker.core.deploy;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An application while its parts are gathered; what is not said is as usual. One thread. */
public final class ApplicationBuilder {
  private final String name;
  private Image image;
  private PullPolicy pullPolicy = PullPolicy.MISSING;
  private Program program = Program.OF_THE_IMAGE;
  private Collection<Port> ports = List.of();
  private Collection<Link> links = List.of();
  private Collection<MountedVolume> volumes = List.of();
  private Limits limits = Limits.NONE;
  private Privileges privileges = Privileges.USUAL;
  private Optional<HealthCheck> healthCheck = Optional.empty();
  private Map<String, String> labels = Map.of();
  private RestartPolicy restartPolicy = RestartPolicy.NEVER;
  private Collection<String> startsAfter = List.of();
  private Optional<Duration> stopTimeout = Optional.empty();

  ApplicationBuilder(String name, Image image) {
    this.name = name;
    this.image = image;
  }

  ApplicationBuilder(Application application) {
    this(application.name(), application.image());
    pullPolicy = application.pullPolicy();
    program = application.program();
    ports = application.ports();
    links = application.links();
    volumes = application.volumes();
    limits = application.limits();
    privileges = application.privileges();
    healthCheck = application.healthCheck();
    labels = application.labels();
    restartPolicy = application.restartPolicy();
    startsAfter = application.startsAfter();
    stopTimeout = application.stopTimeout();
  }

  /** See {@link Application#image}. */
  public ApplicationBuilder image(Image image) {
    this.image = image;
    return this;
  }

  /** See {@link Application#pullPolicy}. */
  public ApplicationBuilder pullPolicy(PullPolicy pullPolicy) {
    this.pullPolicy = pullPolicy;
    return this;
  }

  /** See {@link Application#program}. */
  public ApplicationBuilder program(Program program) {
    this.program = program;
    return this;
  }

  /** See {@link Application#ports}. */
  public ApplicationBuilder ports(Collection<Port> ports) {
    this.ports = ports;
    return this;
  }

  /** See {@link Application#links}. */
  public ApplicationBuilder links(Collection<Link> links) {
    this.links = links;
    return this;
  }

  /** See {@link Application#volumes}. */
  public ApplicationBuilder volumes(Collection<MountedVolume> volumes) {
    this.volumes = volumes;
    return this;
  }

  /** See {@link Application#limits}. */
  public ApplicationBuilder limits(Limits limits) {
    this.limits = limits;
    return this;
  }

  /** See {@link Application#privileges}. */
  public ApplicationBuilder privileges(Privileges privileges) {
    this.privileges = privileges;
    return this;
  }

  /** See {@link Application#healthCheck}. */
  public ApplicationBuilder healthCheck(Optional<HealthCheck> healthCheck) {
    this.healthCheck = healthCheck;
    return this;
  }

  /** See {@link Application#labels}. */
  public ApplicationBuilder labels(Map<String, String> labels) {
    this.labels = labels;
    return this;
  }

  /** See {@link Application#restartPolicy}. */
  public ApplicationBuilder restartPolicy(RestartPolicy restartPolicy) {
    this.restartPolicy = restartPolicy;
    return this;
  }

  /** See {@link Application#startsAfter}. */
  public ApplicationBuilder startsAfter(Collection<String> startsAfter) {
    this.startsAfter = startsAfter;
    return this;
  }

  /** See {@link Application#stopTimeout}. */
  public ApplicationBuilder stopTimeout(Optional<Duration> stopTimeout) {
    this.stopTimeout = stopTimeout;
    return this;
  }

  /**
   * The application.
   *
   * @throws IllegalArgumentException if its parts contradict each other
   */
  public Application build() {
    return new Application(
        name,
        image,
        pullPolicy,
        program,
        List.copyOf(ports),
        List.copyOf(links),
        List.copyOf(volumes),
        limits,
        privileges,
        healthCheck,
        Copies.sorted(labels),
        restartPolicy,
        Copies.sorted(startsAfter),
        stopTimeout);
  }
}
