package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.route.Parameter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Queries, in which volumes may be named as people name them. Any thread.
 *
 * @param known the volumes of the node
 */
public record NamedVolumes(Known known) {
  /** Tells the volumes of a node. */
  @FunctionalInterface
  public interface Known {
    /** All that it knows of; never blocks, for event loops ask it. */
    List<VolumeHead> volumes() throws FailureException;
  }

  /** A parameter of the query that names a volume. */
  static Parameter parameter(String description) {
    return Parameter.query("volume", "volumeReference", description);
  }

  /**
   * The lineage that is meant; a whole id also of a volume that is not there, or not any more.
   *
   * @throws FailureException {@code MALFORMED_REQUEST}, {@code VOLUME_NOT_FOUND} or {@code
   *     AMBIGUOUS_REFERENCE}
   */
  VolumeId lineage(String text) throws FailureException {
    return switch (reference(text)) {
      case VolumeReference.ById(VolumeId id) -> id;
      case VolumeReference other -> other.among(known.volumes(), "this node").id();
    };
  }

  /** What the volumes are called that the node has; none while it does not know them. */
  Map<VolumeId, String> names() {
    try {
      return known.volumes().stream()
          .collect(
              Collectors.toMap(
                  VolumeHead::id, volume -> volume.name().toString(), (first, _) -> first));
    } catch (FailureException _) {
      return Map.of(); // What was asked for is told all the same.
    }
  }

  private static VolumeReference reference(String text) throws FailureException {
    try {
      return VolumeReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST.because("volume: " + e.getMessage());
    }
  }
}
