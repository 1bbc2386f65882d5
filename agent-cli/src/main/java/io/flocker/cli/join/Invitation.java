package io.flocker.cli.join;

import io.flocker.cli.console.PlainText;
import io.flocker.cli.join.JoinMessages.Answer;
import io.flocker.cli.join.JoinMessages.Outcome;
import io.flocker.cli.join.JoinMessages.Receipt;
import io.flocker.cli.join.JoinMessages.Request;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CertificateTerms;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A port at which one machine may join, once, for a while. Its TLS is its own: the key that it
 * shows was made for it, is certified by nobody, and known by the token alone. Any thread.
 */
public final class Invitation implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 16;
  private static final int LONGEST_REQUEST = 8 * 1024;

  private static final int MAX_PORT = 65_535;

  /** How long one connection has for the handshake, its request and the answer. */
  private static final Duration REQUEST_TIME = Duration.ofSeconds(10);

  /**
   * How long a node that was let in has for its start: the unit's 10 minutes at most, one until it
   * answers, and one for the rest.
   */
  private static final Duration START_TIME = Duration.ofMinutes(12);

  /** After a connection that could not be accepted: the process may have no descriptor left. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ServerSocket listener;
  private final SSLContext tls;
  private final JoinToken token;
  private final Admission admission;
  private final Path folder;
  private final Duration requestTime;
  private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  /** What the new node is told: whether the others will know of it. */
  private final CompletableFuture<Boolean> noted = new CompletableFuture<>();

  /** Done once the new node was told that, or has gone. */
  private final CompletableFuture<Void> parted = new CompletableFuture<>();

  private Invitation(
      ServerSocket listener,
      SSLContext tls,
      JoinToken token,
      Invitee invitee,
      Duration requestTime) {
    this.listener = listener;
    this.tls = tls;
    this.token = token;
    this.admission = new Admission(token, invitee);
    this.folder = invitee.folder().toAbsolutePath();
    this.requestTime = requestTime;
  }

  /**
   * Opens one.
   *
   * @param listen where; with port 0 the kernel chooses
   * @param reached the host at which the invited machine reaches this one
   * @throws IOException if it cannot listen there
   */
  public static Invitation open(Invitee invitee, Address listen, String reached)
      throws IOException {
    return open(invitee, listen, reached, REQUEST_TIME);
  }

  static Invitation open(Invitee invitee, Address listen, String reached, Duration requestTime)
      throws IOException {
    Credentials shown = temporary();
    ServerSocket listener = new ServerSocket();
    try {
      listener.bind(listen.lookUp(), MOST_CONNECTIONS);
    } catch (IOException e) {
      listener.close();
      throw new IOException("cannot listen at " + listen + ": " + e.getMessage(), e);
    }
    Address address = new Address(reached, listener.getLocalPort());
    JoinToken token = JoinToken.of(shown.certificate().getPublicKey(), address);
    Invitation invitation = new Invitation(listener, context(shown), token, invitee, requestTime);
    Thread _ = Thread.ofVirtual().start(invitation::accept);
    return invitation;
  }

  /** What the machine needs that is invited. Secret. */
  public JoinToken token() {
    return token;
  }

  /**
   * Waits until the machine has joined.
   *
   * @param time for it to come; one that has come is given twelve minutes more to start
   * @return the port at which the new node listens
   * @throws SetupException if it does not come or start, or five others were wrong
   */
  public int await(Duration time) throws SetupException, InterruptedException {
    try {
      Outcome told;
      try {
        told = outcome.get(time.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        if (admission.close().isEmpty()) {
          throw new SetupException("nobody has joined in time; invite again");
        }
        told = outcome.get(); // Its connection has a deadline.
      }
      if (told.failed().isPresent()) {
        throw new SetupException(
            (told.placed()
                    ? "the new node was certified, and could not begin (%s); once it runs, tell it"
                        + " of the others by 'flocker peer add', and them of it"
                    : "the machine could not become a node (%s), and nothing is left of it there;"
                        + " invite again")
                .formatted(PlainText.of(told.failed().get())));
      }
      if (told.port() < 1 || told.port() > MAX_PORT) {
        throw new SetupException("the new node says that it listens at port " + told.port());
      }
      return told.port();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SetupException known
          ? known
          : new SetupException(String.valueOf(e.getCause()), e);
    }
  }

  /** Tells the node that has joined that {@link #await} has said so. */
  public void confirm() {
    boolean _ = noted.complete(true);
    parted.join(); // Its connection has a deadline.
  }

  /** Ends it: whoever comes now is not answered. */
  public void withdraw(String why) {
    if (admission.close().isEmpty()) {
      boolean _ = outcome.completeExceptionally(new SetupException(why));
    }
  }

  @Override
  public void close() throws IOException {
    boolean _ = noted.complete(false);
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        if (connections.tryAcquire()) {
          Thread _ = Thread.ofVirtual().start(() -> serve(socket));
        } else {
          socket.close();
        }
      } catch (IOException _) {
        pause(); // This was closed, or a connection broke off before it was accepted.
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException _) {
      // Nobody does that to a thread of ours.
    }
  }

  private void serve(Socket socket) {
    try (socket;
        ConnectionDeadline deadline = ConnectionDeadline.of(socket, requestTime)) {
      SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
      secured.setEnabledProtocols(Tls.VERSIONS);
      Request request = JsonLines.read(secured.getInputStream(), Request.class, LONGEST_REQUEST);
      Answer answer = answer(request);
      if (answer.membership().isPresent()) {
        welcome(secured, answer, deadline);
      } else {
        JsonLines.write(secured.getOutputStream(), answer);
      }
    } catch (IOException _) {
      // Whoever breaks off, is late or makes no sense does not count.
    } finally {
      connections.release();
      if (admission.isSpoiled()) {
        boolean _ =
            outcome.completeExceptionally(
                new SetupException("five times somebody came who was wrong; invite again"));
      }
    }
  }

  private Answer answer(Request request) throws IOException {
    try {
      return admission.answer(request);
    } catch (IOException e) {
      String why =
          "the files of the authority cannot be read or written: %s (%s)"
              .formatted(DurableFile.reason(e), e.getMessage());
      var _ = admission.close();
      boolean _ = outcome.completeExceptionally(new SetupException(why, e));
      throw e;
    }
  }

  private void welcome(SSLSocket machine, Answer answer, ConnectionDeadline deadline) {
    try {
      deadline.extend(START_TIME);
      JsonLines.write(machine.getOutputStream(), answer);
      Outcome told = JsonLines.read(machine.getInputStream(), Outcome.class, LONGEST_REQUEST);
      deadline.extend(requestTime);
      boolean _ = outcome.complete(told);
      if (told.failed().isEmpty() && noted.join()) {
        JsonLines.write(machine.getOutputStream(), new Receipt(true));
      }
    } catch (IOException e) {
      boolean _ = outcome.completeExceptionally(new SetupException(lost(e), e));
    } finally {
      boolean _ = parted.complete(null);
    }
  }

  private String lost(IOException why) {
    Stream<String> takeBack =
        admission.close().stream()
            .flatMap(issued -> Stream.of(issued.node(), issued.local()))
            .map(certificate -> certificate.certificate().getSerialNumber().toString(16))
            .map(serial -> "\nflocker-ca revoke --inputpath=%s %s".formatted(folder, serial));
    return "somebody was certified, and was not heard of again (%s); if that was not the machine that you meant, or it is made anew:"
            .formatted(PlainText.of(String.valueOf(why.getMessage())))
        + takeBack.collect(Collectors.joining());
  }

  /** Of an authority that is forgotten at once: nobody trusts it, but for the token. */
  private static Credentials temporary() {
    CertificateTerms terms = new CertificateTerms(KeyAlgorithm.EC, Duration.ofDays(1));
    return CertificateAuthority.create("invitation", terms).issueNode(NodeId.random(), List.of());
  }

  private static SSLContext context(Credentials shown) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {shown.keyManager()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}
