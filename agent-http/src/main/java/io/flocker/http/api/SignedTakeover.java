package io.flocker.http.api;

import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.SignerCertificate;
import java.util.List;

/**
 * The body of a takeover, {@code takeover-request.json}.
 *
 * @param text as it was proposed
 * @param certificate of who has signed it, PEM
 * @param signature Base64
 * @param fenced as for the proposal
 */
public record SignedTakeover(
    String text, String certificate, String signature, List<NodeId> fenced) {
  public SignedTakeover {
    fenced = List.copyOf(fenced);
  }

  /**
   * What is signed; whether that counts is still to be judged.
   *
   * @throws IllegalArgumentException if it is no grant, or no certificate
   */
  public SignedGrant signed() {
    return new SignedGrant(Grant.parse(text), SignerCertificate.parse(certificate), signature);
  }
}
