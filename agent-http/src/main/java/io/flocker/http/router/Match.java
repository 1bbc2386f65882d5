package io.flocker.http.router;

import io.flocker.http.route.Route;
import java.util.Map;

/** The route that a request is for, and what its path says. */
public record Match(Route route, Map<String, String> variables) {}
