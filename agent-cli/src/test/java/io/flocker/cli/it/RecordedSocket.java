package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A UNIX socket that leads to another, takes down what is asked, and can be away. */
final class RecordedSocket implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path target;
  private final Path path;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private ServerSocketChannel server;

  private RecordedSocket(Path target, Path path) throws IOException {
    this.target = target;
    this.path = path;
    this.server = listen();
  }

  /** One at {@code path} that leads to {@code target}. */
  static RecordedSocket before(Path target, Path path) throws IOException {
    return new RecordedSocket(target, path);
  }

  Path path() {
    return path;
  }

  /** The first lines of all requests so far; of those on one connection only the first. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Nobody listens any more, and every connection is cut. */
  void away() throws IOException {
    server.close();
    boolean _ = Files.deleteIfExists(path);
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  /** Ends what {@link #away} began. */
  void back() throws IOException {
    server = listen();
  }

  @Override
  public void close() throws IOException {
    away();
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    ServerSocketChannel _ = channel.bind(UnixDomainSocketAddress.of(path));
    Thread _ = Thread.ofPlatform().daemon().start(() -> accept(channel));
    return channel;
  }

  private void accept(ServerSocketChannel from) {
    try {
      while (true) {
        connect(from.accept());
      }
    } catch (ClosedChannelException _) {
      // It is away.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the target is away the client is told so by the end of its connection. */
  private void connect(SocketChannel client) throws IOException {
    SocketChannel engine;
    try {
      engine = SocketChannel.open(UnixDomainSocketAddress.of(target));
    } catch (IOException _) {
      client.close();
      return;
    }
    open.add(client);
    open.add(engine);
    Thread _ = Thread.ofPlatform().daemon().start(() -> pass(client, engine, true));
    Thread _ = Thread.ofPlatform().daemon().start(() -> pass(engine, client, false));
  }

  private void pass(SocketChannel from, SocketChannel to, boolean isRecorded) {
    boolean isFirst = isRecorded;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (from;
        to) {
      while (from.read(buffer.clear()) >= 0) {
        buffer.flip();
        if (isFirst) {
          requests.add(
              US_ASCII.decode(buffer.duplicate()).toString().lines().findFirst().orElse(""));
          isFirst = false;
        }
        while (buffer.hasRemaining()) {
          int _ = to.write(buffer);
        }
      }
    } catch (IOException _) {
      // One of the two has gone: the other hears of it.
    } finally {
      open.remove(from);
    }
  }
}
