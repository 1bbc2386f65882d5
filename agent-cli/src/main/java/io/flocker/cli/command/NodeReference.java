package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.NodeId;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A node as people name it on a command line; which one that is its peer says. */
sealed interface NodeReference {
  /** By its uuid. */
  record ById(NodeId id) implements NodeReference {}

  /** By its name, by a host of its addresses, or by the beginning of its uuid. */
  record ByName(String text) implements NodeReference {}

  /** What may stand in an URL, and in a message. */
  Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,252}");

  /**
   * Reads an id, or what may be a name.
   *
   * @throws IllegalArgumentException if it can be neither
   */
  static NodeReference parse(String text) {
    try {
      return new ById(NodeId.parse(text));
    } catch (IllegalArgumentException _) {
      if (FORM.matcher(text).matches()) {
        return new ByName(text);
      }
      throw new IllegalArgumentException(
          "a node is named by its name, its uuid or "
              + IdPrefix.MIN_LENGTH
              + " characters of it and more, not '"
              + text
              + "'; see 'flocker peer list'");
    }
  }

  /** The node that is meant, as the node that is asked knows it. */
  default NodeId on(FlockerClient node) throws FailureException, IOException, InterruptedException {
    return switch (this) {
      case ById(NodeId id) -> id;
      case ByName(String text) -> node.peer(text).node();
    };
  }

  /** The same, where the node that is asked may be meant itself. */
  default NodeId on(FlockerClient node, NodeId self)
      throws FailureException, IOException, InterruptedException {
    boolean isSelf =
        this instanceof ByName(String text)
            && IdPrefix.of(text).filter(prefix -> prefix.begins(self)).isPresent();
    return isSelf ? self : on(node);
  }

  /** All of some that are meant; none for null. */
  static List<NodeId> on(FlockerClient node, @Nullable List<NodeReference> some)
      throws FailureException, IOException, InterruptedException {
    List<NodeId> nodes = new ArrayList<>();
    if (some != null) {
      for (NodeReference one : some) {
        nodes.add(one.on(node));
      }
    }
    return nodes;
  }
}
