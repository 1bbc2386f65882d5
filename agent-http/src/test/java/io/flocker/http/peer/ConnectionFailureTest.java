package io.flocker.http.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionFailureTest {
  private static final PeerAddress PEER =
      new PeerAddress(NodeId.random(), new Address("10.0.0.1", 4523));

  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(
            new ClosedChannelException(), TransferFailure.PEER_UNREACHABLE, "turn callers away"),
        Arguments.of(
            new IOException("Connection reset by peer"),
            TransferFailure.PEER_UNREACHABLE,
            "it was cut"),
        Arguments.of(
            new IOException((String) null), TransferFailure.PEER_UNREACHABLE, "the network failed"),
        Arguments.of(
            new ConnectException("Connection refused: /10.0.0.1:4523"),
            TransferFailure.PEER_UNREACHABLE,
            "nobody listens there"),
        Arguments.of(
            new UnknownHostException("a.invalid"), TransferFailure.PEER_UNREACHABLE, "host name"),
        Arguments.of(new NoRouteToHostException(), TransferFailure.PEER_UNREACHABLE, "no route"),
        Arguments.of(
            alert("error:10000438:SSL routines:OPENSSL_internal:TLSV1_ALERT_INTERNAL_ERROR"),
            TransferFailure.PEER_UNREACHABLE,
            "alert internal_error"),
        Arguments.of(
            alert("error:10000415:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED"),
            TransferFailure.CERTIFICATE_NOT_IN_FORCE,
            "This node's certificate"),
        Arguments.of(
            alert("error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE"),
            TransferFailure.CERTIFICATE_REFUSED,
            "bad_certificate"),
        Arguments.of(
            alert("Received fatal alert: unknown_ca"),
            TransferFailure.CERTIFICATE_REFUSED,
            "unknown_ca"),
        Arguments.of(
            distrust(new CertificateExpiredException()),
            TransferFailure.CERTIFICATE_NOT_IN_FORCE,
            "The certificate of node"),
        Arguments.of(
            distrust(new CertificateNotYetValidException()),
            TransferFailure.CERTIFICATE_NOT_IN_FORCE,
            "The certificate of node"),
        Arguments.of(
            distrust(new CertificateException("it was not signed")),
            TransferFailure.PEER_IDENTITY,
            "it was not signed"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void saysWhatAnOperatorUnderstands(Throwable cause, Failure failure, String words) {
    for (FailureException said :
        new FailureException[] {
          ConnectionFailure.unreachable(PEER, cause), ConnectionFailure.lost(PEER, cause)
        }) {
      assertEquals(failure, said.failure(), said.detail());
      assertTrue(said.detail().contains(words), said.detail());
      assertTrue(said.detail().contains("10.0.0.1:4523"), said.detail());
      assertFalse(said.detail().matches(".*(Exception|null|SSLV3|OPENSSL).*"), said.detail());
    }
  }

  private static Throwable alert(String message) {
    return new DecoderException(new SSLException(message));
  }

  private static Throwable distrust(CertificateException why) {
    SSLException refusal = new SSLHandshakeException("General OpenSslEngine problem");
    refusal.initCause(why);
    return refusal;
  }
}
