package io.flocker.core.grant;

import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.SignerCertificate;
import java.security.cert.X509Certificate;
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
   * Why the grant proves nothing; empty if the owner that it names has signed it.
   *
   * @param authority the cluster's
   */
  public Optional<String> objection(X509Certificate authority) {
    Principal owner = new Principal.Node(grant.from());
    Optional<Principal> holder = signer.holder(authority, grant.at());
    if (holder.isEmpty()) {
      return Optional.of(
          "the certificate that signed it names nobody, is not of this cluster, or was not in force"
              + " at "
              + grant.at());
    }
    if (!holder.get().equals(owner)) {
      return Optional.of(
          "it was signed by " + holder.get().name() + ", and only " + owner.name() + " may");
    }
    return isSigned() ? Optional.empty() : Optional.of("its signature is of another text");
  }

  private boolean isSigned() {
    try {
      return signer.hasSigned(grant.text(), Base64.getDecoder().decode(signature));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
