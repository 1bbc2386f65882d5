package io.flocker.http.route;

import java.util.Set;

/**
 * A route whose request body is a stream of any length, served on the connection's event loop.
 *
 * @param mediaType the only Content-Type that it takes
 */
public record StreamRoute(
    String method,
    String path,
    Set<Caller> callers,
    String permission,
    String mediaType,
    StreamHandler handler)
    implements Route {}
