package io.flocker.http.api;

import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What holds for the replication of a volume; see {@code replication.json}.
 *
 * @param source whose policy it is
 * @param policy empty where nobody said anything
 * @param copies how they stand, by peer
 */
public record ReplicationDocument(
    VolumeId volume,
    VolumeName name,
    Source source,
    Optional<Policy> policy,
    List<CopyStatus> copies) {
  /** Whose policy it is. */
  public enum Source {
    /** The volume's own. */
    VOLUME,
    /** That of its namespace. */
    NAMESPACE,
    /** Nobody's. */
    NONE;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
