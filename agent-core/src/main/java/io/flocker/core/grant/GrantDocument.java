package io.flocker.core.grant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.SignerCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A chain of grants as JSON, see FORMATS.md: each certificate once.
 *
 * @param certificates of the signers, PEM
 * @param grants by epoch; each has its signer among the certificates
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GrantDocument(List<String> certificates, List<Entry> grants) {
  /** No grant. */
  public static final GrantDocument EMPTY = of(GrantChain.EMPTY);

  public GrantDocument {
    certificates = List.copyOf(certificates);
    grants = List.copyOf(grants);
    if (grants.size() > GrantBook.LONGEST || certificates.size() > GrantBook.LONGEST) {
      throw new IllegalArgumentException(
          "a chain has at most " + GrantBook.LONGEST + " grants, this one " + grants.size());
    }
    var _ = chain(certificates, grants);
  }

  /**
   * One grant.
   *
   * @param signer the SHA-256 of the signer's certificate, 64 lower-case hex digits
   * @param signature of {@link Grant#text}, Base64
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Entry(
      VolumeId lineage,
      long epoch,
      NodeId from,
      NodeId to,
      UUID operation,
      Guid finalSnapshot,
      Instant at,
      String signer,
      String signature) {
    static Entry of(SignedGrant signed) {
      Grant grant = signed.grant();
      return new Entry(
          grant.lineage(),
          grant.epoch(),
          grant.from(),
          grant.to(),
          grant.operation(),
          grant.finalSnapshot(),
          grant.at(),
          signed.signer().fingerprint(),
          signed.signature());
    }

    Grant grant() {
      return new Grant(lineage, epoch, from, to, operation, finalSnapshot, at);
    }
  }

  /** The document of a chain. */
  public static GrantDocument of(GrantChain chain) {
    Map<String, String> certificates = new TreeMap<>();
    for (SignedGrant signed : chain.grants()) {
      var _ = certificates.putIfAbsent(signed.signer().fingerprint(), signed.signer().pem());
    }
    return new GrantDocument(
        List.copyOf(certificates.values()), chain.grants().stream().map(Entry::of).toList());
  }

  /** The chain of a document; what it proves is still to be judged. */
  public GrantChain chain() {
    return chain(certificates, grants);
  }

  private static GrantChain chain(List<String> certificates, List<Entry> grants) {
    Map<String, SignerCertificate> signers =
        certificates.stream()
            .distinct()
            .map(SignerCertificate::parse)
            .collect(
                Collectors.toMap(
                    SignerCertificate::fingerprint, Function.identity(), (one, _) -> one));
    List<SignedGrant> chain = new ArrayList<>();
    for (Entry entry : grants) {
      SignerCertificate signer = signers.get(entry.signer());
      if (signer == null) {
        throw new IllegalArgumentException(
            "the grant of epoch " + entry.epoch() + " comes without its signer's certificate");
      }
      chain.add(new SignedGrant(entry.grant(), signer, entry.signature()));
    }
    return new GrantChain(chain);
  }
}
