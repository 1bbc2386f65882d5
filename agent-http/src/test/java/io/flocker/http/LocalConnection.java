package io.flocker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.http.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/** A blocking connection to a UNIX socket, on which a test speaks as Docker does. One thread. */
public final class LocalConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;

  private LocalConnection(SocketChannel channel) {
    this.channel = channel;
    this.in = Channels.newInputStream(channel);
  }

  /** An answer. */
  public record Reply(int status, JsonNode body) {
    /** What went wrong; empty if nothing did. */
    public String error() {
      return body.path("Err").asString("");
    }
  }

  public static LocalConnection open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean _ = channel.connect(UnixDomainSocketAddress.of(socket));
    return new LocalConnection(channel);
  }

  /** One call on a connection of its own. */
  public static Reply call(Path socket, String method, String body) throws IOException {
    try (LocalConnection connection = open(socket)) {
      return connection.call(method, body);
    }
  }

  /** As Docker 20.10 asks: an empty host, a name of its own for JSON, and no type. */
  public Reply call(String method, String body) throws IOException {
    return send(
        """
        POST /%s HTTP/1.1\r
        Host: \r
        User-Agent: Go-http-client/1.1\r
        Content-Length: %d\r
        Accept: application/vnd.docker.plugins.v1.2+json\r
        Accept-Encoding: gzip\r
        \r
        %s\
        """
            .formatted(method, body.getBytes(UTF_8).length, body));
  }

  /** Sends bytes as they are, and receives the answer. */
  public Reply send(String request) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      int _ = channel.write(bytes);
    }
    int status = Integer.parseInt(line().split(" ", -1)[1]);
    int length = 0;
    boolean isZipped = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
      isZipped |= line.toLowerCase(Locale.ROOT).matches("content-encoding: *gzip");
    }
    byte[] body = in.readNBytes(length);
    return new Reply(status, Json.read(isZipped ? unzipped(body) : body));
  }

  /** As Docker's own client does by itself. */
  private static byte[] unzipped(byte[] body) throws IOException {
    try (GZIPInputStream unzipping = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return unzipping.readAllBytes();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
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
}
