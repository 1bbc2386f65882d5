package io.flocker.core.pki;

import io.flocker.core.id.NodeId;
import java.util.List;

/**
 * A cluster with keys of RSA, made once for all tests: 4096 bits take seconds, and many of them
 * where only the first compiler works.
 */
final class RsaCluster {
  static final CertificateAuthority AUTHORITY =
      CertificateAuthority.create("production", KeyAlgorithm.RSA);

  /** A node that is reached at 127.0.0.1. */
  static final Credentials NODE = AUTHORITY.issueNode(NodeId.random(), List.of("127.0.0.1"));

  private RsaCluster() {}
}
