package io.flocker.core.deploy.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.deploy.route.Routing;
import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.Policy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One thing to do, whole or not at all. Each can be done again after it failed, and does nothing
 * where it is as it should be by then.
 */
@JsonPropertyOrder({"kind", "application", "volume"})
public sealed interface Change {
  /** Lets a volume of this node's become larger or smaller; empty is no limit. */
  record ResizeVolume(VolumeReference volume, OptionalLong fromBytes, OptionalLong toBytes)
      implements OfVolume {
    @Override
    public String text() {
      return "resize %s from %s to %s".formatted(volume, size(fromBytes), size(toBytes));
    }
  }

  /**
   * Has a peer fetch all that an application needs there, while that still runs here.
   *
   * @param volumes that it uses
   */
  record PrepareApplication(
      String application, List<VolumeReference> volumes, NodeId on, List<Reason> reasons)
      implements OfApplication {
    public PrepareApplication {
      volumes = List.copyOf(volumes);
      reasons = Texts.sorted(reasons);
    }

    @Override
    public List<ExternalPort> ports() {
      return List.of();
    }

    @Override
    public String text() {
      return "have node %s get ready for %s, while that runs here".formatted(on, application);
    }
  }

  /** Brings a peer what it lacks of a volume that it is to own, while it is used here. */
  record PushVolume(VolumeReference volume, NodeId to) implements OfVolume {
    @Override
    public String text() {
      return "push %s to node %s, while it is used here".formatted(volume, to);
    }
  }

  /**
   * Ends an application's container, and removes it.
   *
   * @param volumes that it uses, as far as they are known
   * @param ports at which it answers
   */
  record StopApplication(
      String application,
      List<VolumeReference> volumes,
      List<ExternalPort> ports,
      List<Reason> reasons)
      implements OfApplication {
    public StopApplication {
      volumes = List.copyOf(volumes);
      ports = List.copyOf(ports);
      reasons = Texts.sorted(reasons);
    }

    @Override
    public String text() {
      return "stop " + application + Texts.because(reasons);
    }
  }

  /** Gives a volume to a peer, that owns it from then on. */
  record HandOffVolume(VolumeReference volume, NodeId to) implements OfVolume {
    @Override
    public String text() {
      return "hand %s off to node %s".formatted(volume, to);
    }
  }

  /**
   * Waits until a volume is owned and mounted here; others see to that.
   *
   * @param from who owns it now, where that is another node
   */
  record AwaitVolume(VolumeReference volume, Cause cause, Optional<NodeId> from)
      implements OfVolume {
    /** What is waited for. */
    public enum Cause {
      /** That its owner hands it off. */
      ELSEWHERE("its owner hands it off"),
      /** That a handoff, which is past its commit, is finished. */
      RELEASED("its handoff is finished"),
      /** That it is mounted. */
      UNMOUNTED("it is mounted here"),
      /** That peers say whether they know of a later owner. */
      UNCONFIRMED("its peers confirm that no later owner is known"),
      /** That an operator chooses between two owners. */
      CONTESTED("an operator chooses one of its two owners"),
      /** That its later owner hands it off, or an operator chooses this copy. */
      SUPERSEDED("its later owner hands it off");

      private final String text;

      Cause(String text) {
        this.text = text;
      }

      /** As it stands in JSON. */
      @JsonValue
      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    @Override
    public String text() {
      return "wait for %s%s until %s"
          .formatted(volume, from.map(node -> " of node " + node).orElse(""), cause.text);
    }
  }

  /**
   * Makes a volume that is nowhere, once every peer has said that it has nothing of it, no copy
   * either.
   *
   * @param maximumSizeBytes empty for no limit
   * @param profile what kind of storage is wanted
   * @param unasked peers that have not said yet whether they have something of it
   */
  record CreateVolume(
      VolumeReference volume,
      OptionalLong maximumSizeBytes,
      Optional<String> profile,
      SortedMap<String, String> metadata,
      List<NodeId> unasked)
      implements OfVolume {
    public CreateVolume {
      unasked = List.copyOf(unasked);
    }

    @Override
    public String text() {
      String limit = maximumSizeBytes.isPresent() ? " of at most " + size(maximumSizeBytes) : "";
      String first =
          unasked.isEmpty()
              ? ""
              : ", once these nodes have said that they do not have it: " + Texts.list(unasked);
      return "create " + volume + limit + first;
    }

    /** Nothing can be said of the replication of a volume that is not there. */
    @Override
    public SortedSet<Subject> subjects() {
      return new TreeSet<>(List.of(volume.subject(), Subject.replication(volume.name())));
    }
  }

  /**
   * Says of a volume of this node's which peers hold it, and on what terms.
   *
   * @param policy what holds from then on
   * @param differing in what that differs from what is said now; all of it where nothing is
   */
  record ReplicateVolume(VolumeReference volume, Policy policy, List<String> differing)
      implements OfPolicy {
    public ReplicateVolume {
      differing = List.copyOf(differing);
    }

    @Override
    public String text() {
      return Texts.replication(volume, policy, differing);
    }
  }

  /** Takes away what an earlier wish said of a volume's replication, and this one does not. */
  record DropPolicy(VolumeReference volume) implements OfPolicy {
    @Override
    public String text() {
      return "let %s be replicated as its namespace is: no wish says any more how"
          .formatted(volume);
    }
  }

  /**
   * Makes the routes and open ports what they should be, all at once.
   *
   * @param from what is in force
   */
  record SetRoutes(@JsonIgnore Routing from, @JsonIgnoreProperties("empty") Routing routing)
      implements Change {
    @Override
    public SortedSet<Subject> subjects() {
      return new TreeSet<>(List.of(Subject.ROUTES));
    }

    @Override
    public String text() {
      return Texts.routing(from, routing);
    }
  }

  /**
   * Makes an application's container, and starts it.
   *
   * @param definition as it is wished
   */
  record StartApplication(
      @JsonIgnore Application definition, List<VolumeReference> volumes, List<Reason> reasons)
      implements OfWishedApplication {
    public StartApplication {
      volumes = List.copyOf(volumes);
      reasons = Texts.sorted(reasons);
    }

    @Override
    public String text() {
      return "start " + application() + Texts.because(reasons);
    }
  }

  /**
   * Puts a new container in the place of an application's container, running or not.
   *
   * @param definition as it is wished
   */
  record RestartApplication(
      @JsonIgnore Application definition, List<VolumeReference> volumes, List<Reason> reasons)
      implements OfWishedApplication {
    public RestartApplication {
      volumes = List.copyOf(volumes);
      reasons = Texts.sorted(reasons);
    }

    @Override
    public String text() {
      return "restart " + application() + Texts.because(reasons);
    }
  }

  /** A change of a volume alone. */
  sealed interface OfVolume extends Change {
    /** Which one. */
    VolumeReference volume();

    @Override
    default SortedSet<Subject> subjects() {
      return new TreeSet<>(List.of(volume().subject()));
    }
  }

  /** A change of what is said of a volume's replication, and of nothing else of it. */
  sealed interface OfPolicy extends OfVolume {
    @Override
    default SortedSet<Subject> subjects() {
      return new TreeSet<>(List.of(Subject.replication(volume().name())));
    }
  }

  /** A change of an application, and so of what its volumes are used by. */
  sealed interface OfApplication extends Change {
    /** Its name. */
    @JsonProperty
    String application();

    /** What it uses. */
    List<VolumeReference> volumes();

    /** Where it answers. */
    @JsonProperty
    List<ExternalPort> ports();

    /** Why; never empty, in order. */
    List<Reason> reasons();

    @Override
    default SortedSet<Subject> subjects() {
      SortedSet<Subject> subjects =
          volumes().stream()
              .map(VolumeReference::subject)
              .collect(Collectors.toCollection(TreeSet::new));
      ports().stream().map(Subject::port).forEach(subjects::add);
      subjects.add(Subject.application(application()));
      return subjects;
    }
  }

  /** A change after which an application runs as it is wished. */
  sealed interface OfWishedApplication extends OfApplication {
    /** How it is wished. */
    @JsonIgnore
    Application definition();

    @Override
    default String application() {
      return definition().name();
    }

    @Override
    default List<ExternalPort> ports() {
      return Ports.of(definition());
    }
  }

  /** What it is about: of two changes that share one, the later waits for the earlier. */
  SortedSet<Subject> subjects();

  /** A sentence for people, without its period, that begins with what is done. */
  @JsonIgnore
  String text();

  /** What kind of change it is, such as {@code push-volume}. */
  @JsonProperty
  default String kind() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  private static String size(OptionalLong bytes) {
    return bytes.isPresent() ? bytes.getAsLong() + " bytes" : "no limit";
  }
}
