package io.flocker.core.grant;

import io.flocker.core.identity.Certified;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.ClusterAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.SignerCertificate;
import java.util.Base64;
import java.util.Optional;

/**
 * A grant and who says so. That it is true, {@link #objection} has to say.
 *
 * @param signer the certificate of who signed
 * @param signature of {@link Grant#text}, in Base64 (RFC 4648, section 4)
 */
public record SignedGrant(Grant grant, SignerCertificate signer, String signature) {
  /** Signs a grant. */
  public static SignedGrant by(Credentials credentials, Grant grant) {
    return new SignedGrant(
        grant,
        new SignerCertificate(credentials.certificate()),
        Base64.getEncoder().encodeToString(credentials.sign(grant.text())));
  }

  /**
   * Why the grant proves nothing; empty if the owner that it names has signed it, or a user who may
   * take volumes from their owners.
   *
   * @param authority the cluster's
   */
  public Optional<String> objection(ClusterAuthority authority) {
    Optional<Certified> holder = signer.holder(authority, grant.at());
    if (holder.isEmpty()) {
      return Optional.of(
          "the certificate that signed it names nobody, is not of this cluster, or was not in force"
              + " (or revoked) at "
              + grant.at());
    }
    Principal owner = new Principal.Node(grant.from());
    Principal by = holder.get().principal();
    if (!by.equals(owner) && !holder.get().may(CertifiedPermission.TAKEOVER)) {
      return Optional.of(
          "it was signed by "
              + by.name()
              + ", and only "
              + owner.name()
              + " may, or a user whose certificate has the permission "
              + CertifiedPermission.TAKEOVER.text());
    }
    return isSigned() ? Optional.empty() : Optional.of("its signature is of another text");
  }

  /**
   * Whether a user has signed it: such a grant, if there is no {@link #objection} to it, stands
   * alone, whoever owned the volume before.
   */
  public boolean isTakeover() {
    return signer.isOfUser();
  }

  private boolean isSigned() {
    try {
      return signer.hasSigned(grant.text(), Base64.getDecoder().decode(signature));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
