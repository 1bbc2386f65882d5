package io.flocker.core.pki;

import io.flocker.core.id.NodeId;
import java.util.List;

/** Credentials of the nodes of one cluster, for tests that need no files. */
public final class TestCredentials {
  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.create("test", KeyAlgorithm.EC);

  private TestCredentials() {}

  /** Fresh ones of a node. */
  public static Credentials of(NodeId node) {
    return AUTHORITY.issueNode(node, List.of("127.0.0.1"));
  }
}
