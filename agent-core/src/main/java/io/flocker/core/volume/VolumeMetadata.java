package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What users may write about a volume: as much as every node takes along in a handoff. Whoever owns
 * more cannot give it away whole.
 */
public final class VolumeMetadata {
  /** Entries that the metadata of one volume may have. */
  private static final int MAX_ENTRIES = 16;

  /** Characters that the key or the value of an entry may have; a key has one at least. */
  private static final int MAX_LENGTH = 256;

  private VolumeMetadata() {}

  /**
   * Checks what somebody wants to write.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} naming the entry that is too long
   */
  static void require(Map<String, String> metadata) throws FailureException {
    Optional<String> objection = objection(metadata);
    if (objection.isPresent()) {
      throw RequestFailure.MALFORMED_REQUEST.because(objection.get());
    }
  }

  /** What is wrong with it, for people; empty if nothing is. */
  public static Optional<String> objection(Map<String, String> metadata) {
    if (metadata.size() > MAX_ENTRIES) {
      return Optional.of(
          "the metadata would have %d entries, there may be %d"
              .formatted(metadata.size(), MAX_ENTRIES));
    }
    return metadata.entrySet().stream()
        .filter(entry -> !isShort(entry))
        .findFirst()
        .map(entry ->
            "the metadata's entry '%s' has a key of %d and a value of %d characters; a key has 1 to %d, a value %d at most"
                .formatted(
                    beginning(entry.getKey()),
                    length(entry.getKey()),
                    length(entry.getValue()),
                    MAX_LENGTH,
                    MAX_LENGTH));
  }

  /**
   * The entries that every node takes, the first of them by their keys where there are too many.
   */
  public static SortedMap<String, String> fitting(Map<String, String> metadata) {
    SortedMap<String, String> fitting = new TreeMap<>();
    new TreeMap<>(metadata)
        .entrySet().stream()
            .filter(VolumeMetadata::isShort)
            .limit(MAX_ENTRIES)
            .forEach(entry -> fitting.put(entry.getKey(), entry.getValue()));
    return fitting;
  }

  private static boolean isShort(Map.Entry<String, String> entry) {
    int key = length(entry.getKey());
    return key > 0 && key <= MAX_LENGTH && length(entry.getValue()) <= MAX_LENGTH;
  }

  /** As JSON Schema counts them. */
  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String beginning(String key) {
    return length(key) <= 40 ? key : key.substring(0, key.offsetByCodePoints(0, 40)) + "…";
  }
}
