package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerReference;
import io.flocker.http.route.JsonRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of users' requests, in which peers may be named as people name them. Any thread.
 *
 * @param peers those of the node
 */
public record NamedPeers(PeerBook peers) {
  /**
   * The same request with uuids in its body in place of names.
   *
   * @param path to the member of the body that names a node, or several
   * @throws FailureException {@code PEER_UNKNOWN} or {@code AMBIGUOUS_REFERENCE}
   */
  public JsonRequest resolve(JsonRequest request, String... path) throws FailureException {
    JsonNode body = request.body().deepCopy();
    JsonNode parent = body;
    for (int step = 0; step < path.length - 1; step++) {
      parent = parent.path(path[step]);
    }
    String member = path[path.length - 1];
    if (parent instanceof ObjectNode object && object.has(member)) {
      object.set(member, resolve(object.path(member), object));
    }
    return request.withBody(body);
  }

  private JsonNode resolve(JsonNode said, ObjectNode parent) throws FailureException {
    if (said.isString()) {
      return parent.stringNode(peers.resolve(new PeerReference(said.stringValue())).toString());
    }
    ArrayNode resolved = parent.arrayNode();
    for (JsonNode one : said) {
      resolved.add(resolve(one, parent));
    }
    return resolved;
  }
}
