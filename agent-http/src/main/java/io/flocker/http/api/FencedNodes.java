package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import java.util.List;

/**
 * The body that asks for what is to be signed, {@code takeover-proposal-request.json}.
 *
 * @param fenced nodes that cannot write, as the operator has made sure
 */
public record FencedNodes(List<NodeId> fenced) {
  public FencedNodes {
    fenced = List.copyOf(fenced);
  }
}
