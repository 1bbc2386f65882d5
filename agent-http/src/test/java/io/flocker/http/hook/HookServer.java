package io.flocker.http.hook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.pki.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server of somebody's on 127.0.0.1 that asks for no certificate. One request a connection. */
final class HookServer implements AutoCloseable {
  private static final String FINE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  /** One that came. */
  record Request(String line, Map<String, String> headers, String body) {
    String header(String name) {
      return Objects.requireNonNull(headers.get(name), name);
    }
  }

  private record Answer(String text, boolean isEndless) {}

  private final SSLServerSocket listener;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  private HookServer(SSLServerSocket listener) {
    this.listener = listener;
  }

  static HookServer start(Credentials credentials) throws IOException {
    HookServer server =
        new HookServer(
            (SSLServerSocket)
                credentials
                    .sslContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 16, InetAddress.getLoopbackAddress()));
    var _ = Thread.ofVirtual().name("hook-server").start(server::serve);
    return server;
  }

  URI url(String host) {
    return URI.create("https://" + host + ":" + listener.getLocalPort() + "/hook?team=a");
  }

  /** The next request is answered so; those without an answer of their own have gone well. */
  void answers(String text) {
    answers.add(new Answer(text, false));
  }

  /** The same, and then nothing more comes until the client goes. */
  void answersForEver(String text) {
    answers.add(new Answer(text, true));
  }

  Request next() throws InterruptedException {
    return Objects.requireNonNull(requests.poll(120, TimeUnit.SECONDS), "no request came");
  }

  /** Whether every request that came was taken. */
  boolean isQuiet() {
    return requests.isEmpty();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        answer(socket);
      } catch (IOException _) {
        // The test has ended, or the client has: what it saw is what counts.
      }
    }
  }

  private void answer(SSLSocket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return;
      }
      head.append((char) c);
    }
    List<String> lines = head.toString().lines().toList();
    Map<String, String> headers = new HashMap<>();
    for (String line : lines.subList(1, lines.size() - 1)) {
      int colon = line.indexOf(": ");
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    requests.add(new Request(lines.getFirst(), headers, new String(in.readNBytes(length), UTF_8)));
    Answer answer = answers.poll();
    if (answer == null) {
      answer = new Answer(FINE, false);
    }
    socket.getOutputStream().write(answer.text().getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    if (answer.isEndless()) {
      int _ = in.read(); // Until the client goes.
    }
  }
}
