package io.flocker.cli.join;

import io.flocker.cli.join.JoinMessages.Answer;
import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.cli.join.JoinMessages.Outcome;
import io.flocker.cli.join.JoinMessages.ProvenKey;
import io.flocker.cli.join.JoinMessages.Request;
import io.flocker.core.id.Address;
import io.flocker.core.pki.OwnKey;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The connection of a machine that joins to who has invited it. One thread. */
public final class Joining implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1 << 20; // Some thousands of peers.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JoinToken token;
  private final Socket socket;
  private final SSLSocket secured;

  private Joining(JoinToken token, Socket socket, SSLSocket secured) {
    this.token = token;
    this.socket = socket;
    this.secured = secured;
  }

  /**
   * Connects, and makes sure that it is who has made the token: before that nothing is told.
   *
   * @throws JoinException if nobody is there, or somebody else
   */
  public static Joining by(JoinToken token) throws JoinException {
    Address address = token.address();
    Socket socket = new Socket();
    try (Deadline _ = Deadline.of(socket, PATIENCE)) {
      socket.connect(address.lookUp(), Math.toIntExact(PATIENCE.toMillis()));
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {new PinnedTrust(token)}, null);
      SSLSocket secured =
          (SSLSocket)
              tls.getSocketFactory().createSocket(socket, address.host(), address.port(), true);
      secured.setEnabledProtocols(Tls.VERSIONS);
      secured.startHandshake();
      return new Joining(token, socket, secured);
    } catch (SSLHandshakeException e) {
      cut(socket);
      throw new JoinException(
          "who answers at "
              + address
              + " is not who has invited, and was told nothing: "
              + e.getMessage(),
          e);
    } catch (IOException e) {
      cut(socket);
      throw new JoinException(
          "%s cannot be reached: %s; is the invitation over, or its port closed?"
              .formatted(address, e.getMessage()),
          e);
    } catch (GeneralSecurityException e) {
      cut(socket);
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /**
   * Asks to be let in with these keys, whose private halves stay here.
   *
   * @throws JoinException if it is refused, or the answer does not come
   */
  public Membership ask(OwnKey node, OwnKey local) throws JoinException {
    Request request =
        new Request(
            JoinMessages.VERSION,
            token.secret(),
            ProvenKey.of(node, token, JoinMessages.NODE),
            ProvenKey.of(local, token, JoinMessages.LOCAL));
    try (Deadline _ = Deadline.of(socket, PATIENCE)) {
      JsonLines.write(secured.getOutputStream(), request);
      Answer answer = JsonLines.read(secured.getInputStream(), Answer.class, LONGEST_ANSWER);
      return answer
          .membership()
          .orElseThrow(
              () -> new JoinException("refused: " + answer.refused().orElse("it is not said why")));
    } catch (IOException e) {
      throw new JoinException("the answer did not come: " + e.getMessage(), e);
    }
  }

  /** Says how it went on; where nobody listens any more nothing is lost but that. */
  public void tell(Outcome outcome) {
    try (Deadline _ = Deadline.of(socket, PATIENCE)) {
      JsonLines.write(secured.getOutputStream(), outcome);
    } catch (IOException _) {
      // The other side says so itself.
    }
  }

  @Override
  public void close() {
    cut(socket);
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed to us all the same.
    }
  }
}
