package io.flocker.cli.join;

/** How both sides of an invitation speak TLS. */
final class Tls {
  /** None older: both sides are of this version. */
  static final String[] VERSIONS = {"TLSv1.3"};

  private Tls() {}
}
