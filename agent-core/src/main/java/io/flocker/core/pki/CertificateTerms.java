package io.flocker.core.pki;

import java.time.Duration;

/**
 * On what terms certificates are issued.
 *
 * @param algorithm the kind of key they certify
 * @param validity how long they hold, at least a day; none outlives the authority's own
 */
public record CertificateTerms(KeyAlgorithm algorithm, Duration validity) {
  /** 20 years of 365 days, as Flocker 1.x issued: nobody renews a storage cluster on a date. */
  public static final Duration DEFAULT_VALIDITY = Duration.ofDays(20 * 365);

  private static final Duration LONGEST = Duration.ofDays(100 * 365);

  /** What is issued unless somebody asks for something else. */
  public static final CertificateTerms DEFAULT =
      new CertificateTerms(KeyAlgorithm.EC, DEFAULT_VALIDITY);

  /** Checks the validity. */
  public CertificateTerms {
    if (validity.compareTo(Duration.ofDays(1)) < 0 || validity.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a certificate holds between 1 and %d days, not %s"
              .formatted(LONGEST.toDays(), validity));
    }
  }

  /** The default terms with another kind of key. */
  public static CertificateTerms of(KeyAlgorithm algorithm) {
    return new CertificateTerms(algorithm, DEFAULT_VALIDITY);
  }
}
