package io.flocker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TlsPolicy;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/** A blocking TLS connection on which a test says exactly what it wants to say. One thread. */
public final class RawConnection implements AutoCloseable {
  /** Far more than any answer takes; a server that stays silent fails the test, not the build. */
  private static final int PATIENCE_MS = 120_000;

  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;

  private RawConnection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** A request's line and headers, and the empty line that ends them. */
  public static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** Connects and shakes hands. */
  public static RawConnection open(
      Credentials credentials, InetSocketAddress address, String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            credentials
                .sslContext()
                .getSocketFactory()
                .createSocket("127.0.0.1", address.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    socket.setSSLParameters(TlsPolicy.client());
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return new RawConnection(socket);
  }

  /** Sends text, a byte a character. */
  public RawConnection send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes. */
  public RawConnection send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends a request without a body. */
  public RawConnection request(String method, String target) throws IOException {
    return send(head(method + " " + target + " HTTP/1.1", "Host: test"));
  }

  /** Sends a request with a JSON body. */
  public RawConnection request(String method, String target, String body) throws IOException {
    return send(
        head(
                method + " " + target + " HTTP/1.1",
                "Host: test",
                "Content-Type: application/json",
                "Content-Length: " + body.length())
            + body);
  }

  /** Receives the next response, interim or final. */
  public Response response() throws IOException {
    return response(true);
  }

  /** Receives the next response to a HEAD request. */
  public Response headResponse() throws IOException {
    return response(false);
  }

  /** Receives a response's line and headers; its chunks are received one by one. */
  public Response openResponse() throws IOException {
    return response(false);
  }

  /** Receives one chunk; the last one is empty. */
  public String chunk() throws IOException {
    int length = Integer.parseInt(line(), 16);
    String chunk = new String(in.readNBytes(length), UTF_8);
    String end = line();
    if (!end.isEmpty()) {
      throw new IOException("the chunk is followed by '" + end + "'");
    }
    return chunk;
  }

  /** Whether the server has ended the connection, as the next thing that it does. */
  public boolean isEnded() throws IOException {
    return in.read() < 0;
  }

  /** Ends the connection in the middle of whatever it is. */
  public void hangUp() throws IOException {
    socket.close();
  }

  /** Ends the connection with a TCP reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Response response(boolean hasBody) throws IOException {
    int status = Integer.parseInt(line().split(" ", -1)[1]);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = hasBody ? new String(in.readNBytes(length), ISO_8859_1) : "";
    return new Response(status, headers, body);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server ended the connection after '" + line + "'");
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /**
   * A response.
   *
   * @param headers by lower-case name
   */
  public record Response(int status, Map<String, String> headers, String body) {}
}
