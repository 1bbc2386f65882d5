package io.flocker.http.tls;

import io.flocker.core.identity.Principal;
import io.flocker.core.pki.ClusterTrust;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.core.pki.TlsPolicy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** One node's two TLS contexts, made from one certificate. Any thread may call. */
public final class TlsContexts implements AutoCloseable {
  /**
   * Seals each buffer by itself, its records into one: gathering buffers up to a record first, as
   * Netty does by default, copies a part of every chunk and makes each record a buffer.
   */
  private static final int AS_WRITTEN = 0;

  private final SslContext server;
  private final SslContext client;
  private final TlsSettings settings;
  private final Principal self;

  private TlsContexts(SslContext server, SslContext client, TlsSettings settings, Principal self) {
    this.self = self;
    this.server = server;
    this.client = client;
    this.settings = settings;
  }

  /**
   * Makes both contexts; the caller closes them.
   *
   * @throws GeneralSecurityException if the credentials cannot be used for TLS
   */
  public static TlsContexts of(TlsSettings settings, Credentials credentials)
      throws GeneralSecurityException {
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
      if (server.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setSessionCacheEnabled(false); // Nor are there tickets.
      }
      SslContext client =
          common(SslContextBuilder.forClient(), trust)
              .sslProvider(provider)
              .protocols(settings.minimum().protocols())
              .keyManager(credentials.key(), credentials.chain())
              .endpointIdentificationAlgorithm("HTTPS") // RFC 9110, section 4.3.4
              .build();
      return new TlsContexts(server, client, settings, credentials.principal());
    } catch (SSLException e) {
      throw new GeneralSecurityException("The credentials cannot be used for TLS: " + e, e);
    }
  }

  /** Whose certificate this is. */
  public Principal self() {
    return self;
  }

  /** A handler for an accepted connection. */
  public SslHandler serverHandler(ByteBufAllocator allocator) {
    return timed(server.newHandler(allocator));
  }

  /** A handler for a connection to {@code host}, which the server's certificate has to name. */
  public SslHandler clientHandler(ByteBufAllocator allocator, String host, int port) {
    SslHandler handler = timed(client.newHandler(allocator, host, port));
    handler.setWrapDataSize(AS_WRITTEN);
    return handler;
  }

  /** Who has opened the connection, once the handshake has succeeded. */
  public static Optional<Principal> caller(SslHandler handler) {
    return certificate(handler).flatMap(PeerCertificate::client);
  }

  /** Who has answered us, once the handshake has succeeded. */
  public static Optional<Principal> server(SslHandler handler) {
    return certificate(handler).flatMap(PeerCertificate::server);
  }

  /** Gives the contexts back; handlers that were made from them live on. */
  @Override
  public void close() {
    boolean _ = ReferenceCountUtil.release(server);
    boolean _ = ReferenceCountUtil.release(client);
  }

  private SslHandler timed(SslHandler handler) {
    handler.setHandshakeTimeoutMillis(settings.handshake().toMillis());
    return handler;
  }

  private static Optional<PeerCertificate> certificate(SslHandler handler) {
    try {
      Certificate leaf = handler.engine().getSession().getPeerCertificates()[0];
      if (leaf instanceof X509Certificate x509) {
        x509.checkValidity(); // A session may be resumed that is older than that.
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
        .ciphers(TlsPolicy.CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
        .trustManager(trust);
  }
}
