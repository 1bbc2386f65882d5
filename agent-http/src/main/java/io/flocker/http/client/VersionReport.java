package io.flocker.http.client;

import java.util.List;

/**
 * What a node speaks.
 *
 * @param version of its flockerd
 * @param api versions of the API
 * @param extensions additions to the API since its version came out
 */
public record VersionReport(String version, List<String> api, List<String> extensions) {}
