package io.flocker.http.tls;

import io.flocker.core.identity.Certified;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.ClusterAuthority;
import io.flocker.core.pki.ClusterTrust;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.core.pki.TlsPolicy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One node's two TLS contexts, made from one certificate, which may be exchanged at any time. Any
 * thread may call.
 */
public final class TlsContexts implements AutoCloseable {
  /**
   * Seals each buffer by itself, its records into one: gathering buffers up to a record first, as
   * Netty does by default, copies a part of every chunk and makes each record a buffer.
   */
  private static final int AS_WRITTEN = 0;

  /**
   * The kind of key store that holds the key in memory while a context is made. The default,
   * PKCS12, would encrypt it there with a password stretched 10,000 times and decrypt it again, for
   * each of the contexts: a second of processor time in a JVM that has just been started.
   */
  private static final String KEY_STORE = "JKS";

  private final TlsSettings settings;
  private final Principal self;

  /** Read-locked while a handler is made, so that its context is not released meanwhile. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private final OpenConnections open = new OpenConnections();
  private Pair pair;
  private volatile ClusterAuthority authority;

  private TlsContexts(TlsSettings settings, Credentials credentials, Pair pair) {
    this.settings = settings;
    this.self = credentials.principal();
    this.authority = credentials.authority();
    this.pair = pair;
  }

  /**
   * Makes both contexts; the caller closes them.
   *
   * @throws GeneralSecurityException if the credentials cannot be used for TLS
   */
  public static TlsContexts of(TlsSettings settings, Credentials credentials)
      throws GeneralSecurityException {
    return new TlsContexts(settings, credentials, Pair.of(settings, credentials));
  }

  /**
   * Shows and trusts {@code credentials} from the next connection on; those that are open stay, but
   * for those whose certificate was revoked.
   *
   * @throws GeneralSecurityException if they cannot be used for TLS, or are somebody else's;
   *     nothing was changed then
   */
  public void use(Credentials credentials) throws GeneralSecurityException {
    if (!credentials.principal().equals(self)) {
      throw new GeneralSecurityException(
          "The certificate is that of "
              + credentials.principal().name()
              + ", and this is "
              + self.name());
    }
    Pair fresh = Pair.of(settings, credentials);
    Pair left;
    lock.writeLock().lock();
    try {
      left = pair;
      pair = fresh;
    } finally {
      lock.writeLock().unlock();
    }
    left.release();
    authority = credentials.authority();
    endUntrusted();
  }

  /**
   * Closes the connections, in either direction, whose other end has a certificate that has expired
   * or was revoked: to be called now and then.
   */
  public void endUntrusted() {
    open.endUntrusted(authority, Instant.now());
  }

  /** Whose certificate this is. */
  public Principal self() {
    return self;
  }

  /** A handler for an accepted connection. */
  public SslHandler serverHandler(ByteBufAllocator allocator) {
    lock.readLock().lock();
    try {
      return timed(pair.server().newHandler(allocator));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** A handler for a connection to {@code host}, which the server's certificate has to name. */
  public SslHandler clientHandler(ByteBufAllocator allocator, String host, int port) {
    lock.readLock().lock();
    try {
      SslHandler handler = timed(pair.client().newHandler(allocator, host, port));
      handler.setWrapDataSize(AS_WRITTEN);
      return handler;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Who has opened the connection, once the handshake has succeeded. */
  public static Optional<Certified> caller(SslHandler handler) {
    return certificate(handler).flatMap(PeerCertificate::caller);
  }

  /** Who has answered us, once the handshake has succeeded. */
  public static Optional<Principal> server(SslHandler handler) {
    return certificate(handler).flatMap(PeerCertificate::server);
  }

  /** Releases the contexts; handlers that were made from them live on. */
  @Override
  public void close() {
    pair.release();
  }

  private SslHandler timed(SslHandler handler) {
    handler.setHandshakeTimeoutMillis(settings.handshake().toMillis());
    handler
        .handshakeFuture()
        .addListener((Future<Channel> done) -> {
          if (done.isSuccess()) {
            admit(done.getNow(), handler);
          }
        });
    return handler;
  }

  /**
   * Looks at the certificate once more: a session that is resumed, or was begun before a
   * revocation, was verified by what was known then.
   */
  private void admit(Channel channel, SslHandler handler) {
    certificate(handler)
        .map(PeerCertificate::certificate)
        .ifPresent(peer -> {
          open.add(channel, peer);
          if (authority.objection(peer, Instant.now()).isPresent()) {
            var _ = channel.close();
          }
        });
  }

  private static Optional<PeerCertificate> certificate(SslHandler handler) {
    try {
      Certificate leaf = handler.engine().getSession().getPeerCertificates()[0];
      if (leaf instanceof X509Certificate x509) {
        x509.checkValidity(); // What is resumed was verified at its beginning.
        return Optional.of(new PeerCertificate(x509));
      }
      return Optional.empty();
    } catch (SSLPeerUnverifiedException
        | CertificateExpiredException
        | CertificateNotYetValidException _) {
      return Optional.empty();
    }
  }

  private static SslContextBuilder common(SslContextBuilder builder, ClusterTrust trust) {
    return builder
        .keyStoreType(KEY_STORE)
        .ciphers(TlsPolicy.CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
        .trustManager(trust);
  }

  /** Both directions with one certificate; handlers that were made from them live on. */
  private record Pair(SslContext server, SslContext client) {
    static Pair of(TlsSettings settings, Credentials credentials) throws GeneralSecurityException {
      SslProvider provider = settings.engine().provider();
      if (provider == SslProvider.JDK) {
        // The JDK has no switch for one engine; BoringSSL never renegotiates.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
      }
      ClusterTrust trust =
          provider == SslProvider.JDK
              ? new ClusterTrust(credentials.authority())
              : new AlertingTrust(credentials.authority());
      try {
        SslContext server =
            common(SslContextBuilder.forServer(credentials.key(), credentials.chain()), trust)
                .sslProvider(provider)
                .protocols(settings.minimum().protocols())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        SslContext client =
            common(SslContextBuilder.forClient(), trust)
                .sslProvider(provider)
                .protocols(settings.minimum().protocols())
                .keyManager(credentials.key(), credentials.chain())
                .endpointIdentificationAlgorithm("HTTPS") // RFC 9110, section 4.3.4
                .build();
        return new Pair(server, client);
      } catch (SSLException e) {
        throw new GeneralSecurityException("The credentials cannot be used for TLS: " + e, e);
      }
    }

    void release() {
      boolean _ = ReferenceCountUtil.release(server);
      boolean _ = ReferenceCountUtil.release(client);
    }
  }
}
