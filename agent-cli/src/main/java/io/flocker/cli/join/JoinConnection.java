package io.flocker.cli.join;

import io.flocker.cli.join.JoinMessages.Answer;
import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.cli.join.JoinMessages.Outcome;
import io.flocker.cli.join.JoinMessages.ProvenKey;
import io.flocker.cli.join.JoinMessages.Receipt;
import io.flocker.cli.join.JoinMessages.Request;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.id.Address;
import io.flocker.core.pki.OwnKey;
import java.io.IOException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The connection of a machine that joins to the node that has invited it. One thread. */
public final class JoinConnection implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1 << 20; // Some thousands of peers.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JoinToken token;
  private final Socket socket;
  private final SSLSocket secured;

  private JoinConnection(JoinToken token, Socket socket, SSLSocket secured) {
    this.token = token;
    this.socket = socket;
    this.secured = secured;
  }

  /**
   * Connects, and makes sure that whoever answers has made the token: before that nothing is told.
   *
   * @throws SetupException if nobody is there, or somebody else
   */
  public static JoinConnection open(JoinToken token) throws SetupException {
    Address address = token.address();
    Socket socket = new Socket();
    try (ConnectionDeadline _ = ConnectionDeadline.of(socket, PATIENCE)) {
      socket.connect(address.lookUp(), Math.toIntExact(PATIENCE.toMillis()));
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {new PinnedTrust(token)}, null);
      SSLSocket secured =
          (SSLSocket)
              tls.getSocketFactory().createSocket(socket, address.host(), address.port(), true);
      secured.setEnabledProtocols(Tls.VERSIONS);
      secured.startHandshake();
      return new JoinConnection(token, socket, secured);
    } catch (IOException e) {
      cut(socket);
      throw new SetupException(reason(address, e), e);
    } catch (GeneralSecurityException e) {
      cut(socket);
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /**
   * Asks to be let in with these keys, whose private halves stay here.
   *
   * @throws SetupException if it is refused, or the answer does not come
   */
  public Membership ask(OwnKey node, OwnKey local) throws SetupException {
    Request request =
        new Request(
            JoinMessages.VERSION,
            token.secret(),
            ProvenKey.of(node, token, JoinMessages.NODE),
            ProvenKey.of(local, token, JoinMessages.LOCAL));
    try (ConnectionDeadline _ = ConnectionDeadline.of(socket, PATIENCE)) {
      JsonLines.write(secured.getOutputStream(), request);
      Answer answer = JsonLines.read(secured.getInputStream(), Answer.class, LONGEST_ANSWER);
      return answer
          .membership()
          .orElseThrow(() ->
              new SetupException("refused: " + answer.refused().orElse("it is not said why")));
    } catch (IOException e) {
      throw new SetupException("the answer did not come: " + e.getMessage(), e);
    }
  }

  /**
   * Says that the node has begun.
   *
   * @param port at which it listens
   * @return whether that was heard, so that the other nodes are told of it
   */
  public boolean tellBegun(int port) {
    try (ConnectionDeadline _ = ConnectionDeadline.of(socket, PATIENCE)) {
      JsonLines.write(secured.getOutputStream(), new Outcome(port, Optional.empty(), true));
      return JsonLines.read(secured.getInputStream(), Receipt.class, LONGEST_ANSWER).noted();
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Says that the node could not begin; where nobody listens any more that is not an error.
   *
   * @param isPlaced whether the files of the node are here all the same
   */
  public void tellFailed(String why, boolean isPlaced) {
    try (ConnectionDeadline _ = ConnectionDeadline.of(socket, PATIENCE)) {
      JsonLines.write(secured.getOutputStream(), new Outcome(0, Optional.of(why), isPlaced));
    } catch (IOException _) {
      // The other side says so itself.
    }
  }

  @Override
  public void close() {
    cut(socket);
  }

  private static String reason(Address address, IOException failure) {
    return switch (failure) {
      case UnknownHostException _ ->
          "this machine does not know the host of the invitation, %s; have it known, or invite with --listen and an IP address"
              .formatted(address.host());
      case SSLException e when e.getCause() instanceof CertificateException ->
          "who answers at %s is not who has invited, and was told nothing: %s"
              .formatted(address, e.getMessage());
      default ->
          "there is no answer at %s: %s; the invitation is over or busy, or its port closed: try again"
              .formatted(address, failure.getMessage());
    };
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed to us all the same.
    }
  }
}
