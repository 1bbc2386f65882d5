package io.flocker.http.route;

import io.flocker.core.identity.Principal;
import java.util.List;
import java.util.Map;

/**
 * A request to listen that was authorised.
 *
 * @param query query parameters, decoded, in order
 * @param headers request headers by lower-case name; the last one of a name
 */
public record EventRequest(
    Principal caller, Map<String, List<String>> query, Map<String, String> headers) {}
