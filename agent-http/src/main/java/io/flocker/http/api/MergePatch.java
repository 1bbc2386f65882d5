package io.flocker.http.api;

import io.flocker.core.volume.VolumeChange;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Reads merge patches (RFC 7396): null takes away, what is absent stays. */
final class MergePatch {
  private MergePatch() {}

  /** The change of a volume that {@code patch} asks for, which fits {@code volume-patch.json}. */
  static VolumeChange of(JsonNode patch) {
    JsonNode quota = patch.path("quotaBytes");
    JsonNode metadata = patch.path("metadata");
    return new VolumeChange(
        quota.isMissingNode()
            ? OptionalLong.empty()
            : OptionalLong.of(quota.isNull() ? 0 : quota.longValue()),
        metadata.isMissingNode() ? Optional.empty() : Optional.of(merging(metadata)));
  }

  private static UnaryOperator<Map<String, String>> merging(JsonNode patch) {
    return present -> {
      Map<String, String> merged = new TreeMap<>(patch.isNull() ? Map.of() : present);
      for (Map.Entry<String, JsonNode> member : patch.properties()) {
        if (member.getValue().isNull()) {
          merged.remove(member.getKey());
        } else {
          merged.put(member.getKey(), member.getValue().stringValue());
        }
      }
      return merged;
    };
  }
}
