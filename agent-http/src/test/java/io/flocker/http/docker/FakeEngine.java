package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Answers at a UNIX socket what no real engine can be made to answer. It speaks API 1.41 unless a
 * test says otherwise. Any thread.
 */
final class FakeEngine implements AutoCloseable {
  /** Writes an answer, and returns once the connection may end. */
  @FunctionalInterface
  interface Reply {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private final Path socket;
  private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final Set<SocketChannel> open = new CopyOnWriteArraySet<>();
  private ServerSocketChannel listener;

  FakeEngine(Path socket) throws IOException {
    this.socket = socket;
    reply("GET /version", json(200, "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}"));
    reply("GET /_ping", json(200, "OK"));
    listener = listen();
  }

  /**
   * The next reply to a request without its query and version; the last one is given again and
   * again.
   */
  FakeEngine reply(String request, Reply reply) {
    Deque<Reply> queue = replies.computeIfAbsent(request, _ -> new ArrayDeque<>());
    synchronized (queue) {
      queue.add(reply);
    }
    return this;
  }

  /** Forgets what it was told to reply to a request. */
  FakeEngine instead(String request, Reply reply) {
    replies.remove(request);
    return reply(request, reply);
  }

  /** What was asked: the first lines of the requests, as they came. */
  BlockingQueue<String> requests() {
    return requests;
  }

  /** Ends every connection, and listens no more. */
  void stop() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
    for (SocketChannel one : open) {
      one.close();
    }
  }

  void startAgain() throws IOException {
    listener = listen();
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  /** A whole answer. */
  static Reply json(int status, String body) {
    return raw(
        "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.getBytes(UTF_8).length, body));
  }

  static Reply raw(String text) {
    return out -> out.write(text.getBytes(UTF_8));
  }

  /** An answer that is sent in these chunks and not ended. */
  static Reply chunks(List<String> chunks) {
    return out -> {
      out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
      for (String chunk : chunks) {
        out.write(chunk(chunk.getBytes(UTF_8)));
        out.flush();
      }
    };
  }

  /** The same, ended well. */
  static Reply stream(String... chunks) {
    Reply begun = chunks(List.of(chunks));
    return out -> {
      begun.write(out);
      out.write("0\r\n\r\n".getBytes(UTF_8));
    };
  }

  static byte[] chunk(byte[] bytes) {
    byte[] head = (Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + bytes.length + 2);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    all[all.length - 2] = '\r';
    all[all.length - 1] = '\n';
    return all;
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket));
    var _ = Thread.ofPlatform().daemon().name("fake-engine").start(() -> accept(channel));
    return channel;
  }

  private void accept(ServerSocketChannel channel) {
    try {
      while (true) {
        SocketChannel connection = channel.accept();
        open.add(connection);
        var _ = Thread.ofPlatform().daemon().name("fake-answer").start(() -> serve(connection));
      }
    } catch (IOException _) {
      // Stopped.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      String request = read(Channels.newInputStream(connection));
      requests.add(request);
      next(request).write(Channels.newOutputStream(connection));
    } catch (IOException | InterruptedException _) {
      // The client has had enough, or the test has.
    } finally {
      open.remove(connection);
    }
  }

  private Reply next(String request) {
    String[] words = request.split(" ", 3);
    String path = words[1].replaceFirst("^/v1\\.\\d+", "").replaceFirst("\\?.*", "");
    Deque<Reply> queue = replies.getOrDefault(words[0] + " " + path, new ArrayDeque<>());
    synchronized (queue) {
      return switch (queue.size()) {
        case 0 -> json(500, "{\"message\":\"the test did not expect " + request + "\"}");
        case 1 -> queue.getFirst();
        default -> queue.removeFirst();
      };
    }
  }

  /** The request's first line; its body is read too. */
  private static String read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int one = in.read();
      if (one < 0) {
        throw new IOException("no request");
      }
      head.append((char) one);
    }
    int length =
        head.toString()
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
            .findFirst()
            .orElse(0);
    in.readNBytes(length);
    return new String(head.toString().getBytes(ISO_8859_1), UTF_8).lines().findFirst().orElse("");
  }
}
