package io.flocker.core.identity;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import java.util.Optional;
import java.util.UUID;

/** The holder of a verified client certificate, as its CN names it. */
public sealed interface Principal {
  /** CN of another node's certificate, {@code node-<uuid>}. */
  String NODE_PREFIX = "node-";

  /** CN of an API user's certificate, {@code user-<name>}. */
  String USER_PREFIX = "user-";

  /** CN of the certificate of a node's own commands, {@code user-local-<node-uuid>}. */
  String LOCAL_PREFIX = USER_PREFIX + "local-";

  /** CN of the control service's certificate. */
  String CONTROL_SERVICE = "control-service";

  /** A node of the cluster. */
  record Node(NodeId id) implements Principal {
    @Override
    public String name() {
      return NODE_PREFIX + id;
    }
  }

  /** A person or a program that uses the public API. */
  record User(String username) implements Principal {
    @Override
    public String name() {
      return USER_PREFIX + username;
    }
  }

  /** The commands of one node, run by its root; full rights there, none elsewhere. */
  record Local(NodeId node) implements Principal {
    @Override
    public String name() {
      return LOCAL_PREFIX + node;
    }
  }

  /** The cluster's control service. */
  record ControlService() implements Principal {
    @Override
    public String name() {
      return CONTROL_SERVICE;
    }
  }

  /** The CN that this principal's certificate bears. */
  String name();

  /** Reads a subject's CN; empty when it is none of the four forms. */
  static Optional<Principal> ofCommonName(String commonName) {
    if (commonName.equals(CONTROL_SERVICE)) {
      return Optional.of(new ControlService());
    }
    if (commonName.startsWith(LOCAL_PREFIX)) {
      return uuid(commonName.substring(LOCAL_PREFIX.length()))
          .map(uuid -> new Local(new NodeId(uuid)));
    }
    if (commonName.startsWith(NODE_PREFIX)) {
      return uuid(commonName.substring(NODE_PREFIX.length()))
          .map(uuid -> new Node(new NodeId(uuid)));
    }
    if (commonName.startsWith(USER_PREFIX) && commonName.length() > USER_PREFIX.length()) {
      return Optional.of(new User(commonName.substring(USER_PREFIX.length())));
    }
    return Optional.empty();
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(Uuids.parse("node", text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
