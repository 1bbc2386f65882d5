package io.flocker.http.client;

import tools.jackson.databind.JsonNode;

/**
 * An event that a node tells of.
 *
 * @param id to come back with
 * @param type such as {@code snapshot.taken}
 * @param data what happened; see the schema {@code event}
 */
public record NodeEvent(String id, String type, JsonNode data) {}
