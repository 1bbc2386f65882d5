package io.flocker.http.api;

import java.util.List;

/**
 * What a flockerd is and speaks; see {@code version.json}.
 *
 * @param version of flockerd
 * @param api versions of the public API
 * @param extensions optional parts of the API that are served
 */
public record VersionDocument(String version, List<String> api, List<String> extensions) {
  /** What this flockerd speaks. */
  public static VersionDocument of(String version, List<String> extensions) {
    return new VersionDocument(version, List.of("v1"), List.copyOf(extensions));
  }
}
