package io.flocker.core.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.CertifiedPermission;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;

/**
 * Credentials whose signatures cost a microsecond and bind nobody: all the code that signs and
 * judges is the real one, but for the arithmetic below it. Who has not the private key object
 * cannot sign, if he does not cheat.
 */
public final class ToyCredentials {
  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.create("toy", KeyAlgorithm.EC);
  private static final X509Certificate AUTHORITY_CERTIFICATE = AUTHORITY.certificate();

  private static final Credentials OPERATOR =
      AUTHORITY.issueUser("operator", Set.of(CertifiedPermission.TAKEOVER));
  private static final Map<NodeId, Credentials> NODES = new ConcurrentHashMap<>();

  static {
    // First, so that it is asked first; it takes no keys but its own.
    int _ = Security.insertProviderAt(new ToyProvider(), 1);
  }

  private ToyCredentials() {}

  /** Those of a node, in force from one moment to another; its key is always the same. */
  public static Credentials node(NodeId node, Instant from, Instant until) {
    return toy(
        NODES.computeIfAbsent(node, id -> AUTHORITY.issueNode(id, List.of("127.0.0.1"))),
        from,
        until);
  }

  /** Those of the user who may take volumes from their owners. */
  public static Credentials operator(Instant from, Instant until) {
    return toy(OPERATOR, from, until);
  }

  private static Credentials toy(Credentials real, Instant from, Instant until) {
    ToyKey key = new ToyKey((ECPublicKey) real.certificate().getPublicKey());
    return new Credentials(
        real.principal(),
        List.of(new ToyCertificate(real.certificate(), key.open(), from, until)),
        key,
        real.authority());
  }

  /** The secret is who has the object. */
  private record ToyKey(ECPublicKey like) implements ECPrivateKey {
    private static final long serialVersionUID = 1;

    OpenKey open() {
      return new OpenKey(like);
    }

    @Override
    public BigInteger getS() {
      return BigInteger.ONE;
    }

    @Override
    public ECParameterSpec getParams() {
      return like.getParams();
    }

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "none";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }
  }

  private record OpenKey(ECPublicKey like) implements ECPublicKey {
    private static final long serialVersionUID = 1;

    @Override
    public ECPoint getW() {
      return like.getW();
    }

    @Override
    public ECParameterSpec getParams() {
      return like.getParams();
    }

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "none";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }
  }

  /** What the JDK looks signatures up in. */
  private static final class ToyProvider extends Provider {
    private static final long serialVersionUID = 1;

    ToyProvider() {
      super("Toy", "1", "signatures for a simulator");
      var _ = put("Signature.SHA256withECDSA", ToySignature.class.getName());
      var _ =
          put(
              "Signature.SHA256withECDSA SupportedKeyClasses",
              ToyKey.class.getName() + "|" + OpenKey.class.getName());
    }
  }

  /** A digest of the key and the text, by FNV-1a with 64 bits. Made by the JDK, hence public. */
  public static final class ToySignature extends SignatureSpi {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long digest;

    @Override
    protected void engineInitVerify(PublicKey key) {
      begin(((OpenKey) key).like());
    }

    @Override
    protected void engineInitSign(PrivateKey key) {
      begin(((ToyKey) key).like());
    }

    private void begin(Key like) {
      digest = BASIS ^ like.hashCode();
    }

    @Override
    protected void engineUpdate(byte one) {
      digest = (digest ^ one) * PRIME;
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        engineUpdate(bytes[i]);
      }
    }

    @Override
    protected byte[] engineSign() {
      return ByteBuffer.allocate(Long.BYTES).putLong(digest).array();
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      if (signature.length != Long.BYTES) {
        throw new SignatureException("not of this kind: " + new String(signature, UTF_8));
      }
      return ByteBuffer.wrap(signature).getLong() == digest;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException();
    }
  }

  /** A real certificate with another key and other dates, whose signature is an identity. */
  private static final class ToyCertificate extends X509Certificate {
    private static final long serialVersionUID = 1;

    private final X509Certificate real;
    private final OpenKey key;
    private final Date from;
    private final Date until;
    private final X500Principal subject;
    private final transient Collection<List<?>> names;
    private final transient List<String> purposes;

    ToyCertificate(X509Certificate real, OpenKey key, Instant from, Instant until) {
      this.real = real;
      this.key = key;
      this.from = Date.from(from);
      this.until = Date.from(until);
      this.subject = real.getSubjectX500Principal();
      try {
        this.names = real.getSubjectAlternativeNames();
        this.purposes = real.getExtendedKeyUsage();
      } catch (CertificateParsingException e) {
        throw new IllegalStateException("a certificate that was made cannot be read", e);
      }
    }

    @Override
    public void verify(PublicKey authority) throws CertificateException {
      if (!authority.equals(AUTHORITY_CERTIFICATE.getPublicKey())) {
        throw new CertificateException("signed by another authority");
      }
    }

    @Override
    public void verify(PublicKey authority, String provider) throws CertificateException {
      verify(authority);
    }

    @Override
    public PublicKey getPublicKey() {
      return key;
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // The JDK's certificates have no other.
    public void checkValidity(Date then)
        throws CertificateExpiredException, CertificateNotYetValidException {
      if (then.before(from)) {
        throw new CertificateNotYetValidException("from " + from);
      }
      if (then.after(until)) {
        throw new CertificateExpiredException("until " + until);
      }
    }

    @Override
    public void checkValidity()
        throws CertificateExpiredException, CertificateNotYetValidException {
      throw new UnsupportedOperationException("whose clock is meant?");
    }

    @Override
    public Date getNotBefore() {
      return from;
    }

    @Override
    public Date getNotAfter() {
      return until;
    }

    @Override
    public X500Principal getSubjectX500Principal() {
      return subject;
    }

    @Override
    public Collection<List<?>> getSubjectAlternativeNames() {
      return names;
    }

    @Override
    public List<String> getExtendedKeyUsage() {
      return purposes;
    }

    @Override
    public int getVersion() {
      return real.getVersion();
    }

    @Override
    public BigInteger getSerialNumber() {
      return real.getSerialNumber();
    }

    @Override
    @Deprecated
    public java.security.Principal getIssuerDN() {
      return real.getIssuerX500Principal();
    }

    @Override
    @Deprecated
    public java.security.Principal getSubjectDN() {
      return subject;
    }

    @Override
    public X500Principal getIssuerX500Principal() {
      return real.getIssuerX500Principal();
    }

    @Override
    public byte[] getTBSCertificate() throws CertificateEncodingException {
      return real.getTBSCertificate();
    }

    @Override
    public byte[] getSignature() {
      return real.getSignature();
    }

    @Override
    public String getSigAlgName() {
      return real.getSigAlgName();
    }

    @Override
    public String getSigAlgOID() {
      return real.getSigAlgOID();
    }

    @Override
    public byte[] getSigAlgParams() {
      return real.getSigAlgParams();
    }

    @Override
    public boolean[] getIssuerUniqueID() {
      return real.getIssuerUniqueID();
    }

    @Override
    public boolean[] getSubjectUniqueID() {
      return real.getSubjectUniqueID();
    }

    @Override
    public boolean[] getKeyUsage() {
      return real.getKeyUsage();
    }

    @Override
    public int getBasicConstraints() {
      return real.getBasicConstraints();
    }

    @Override
    public byte[] getEncoded() throws CertificateEncodingException {
      return real.getEncoded();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
      return false;
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
      return real.getCriticalExtensionOIDs();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
      return real.getNonCriticalExtensionOIDs();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
      return real.getExtensionValue(oid);
    }

    @Override
    public String toString() {
      return "toy certificate of " + subject;
    }
  }
}
