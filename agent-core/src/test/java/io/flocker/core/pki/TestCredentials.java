package io.flocker.core.pki;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.CertifiedPermission;
import java.util.List;
import java.util.Set;

/** Credentials of the nodes of one cluster, for tests that need no files. */
public final class TestCredentials {
  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.create("test", KeyAlgorithm.EC);

  private TestCredentials() {}

  /** Fresh ones of a node. */
  public static Credentials of(NodeId node) {
    return AUTHORITY.issueNode(node, List.of("127.0.0.1"));
  }

  /** Those of a user who may take volumes over. */
  public static Credentials operator() {
    return AUTHORITY.issueUser("operator", Set.of(CertifiedPermission.TAKEOVER));
  }
}
