package io.flocker.core.deploy.route;

import io.flocker.core.os.NamespaceThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.Future;

/** Who asks {@link Answerer}s, from where its threads are. */
record Caller(NamespaceThreads threads, int port) {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int DATAGRAM_MILLIS = 200;
  private static final int DATAGRAMS = PATIENCE_MILLIS / DATAGRAM_MILLIS;

  /** Who answers by TCP; {@code -} where nobody does. */
  char byStream(String host) throws Exception {
    return threads.call(() -> {
      try (Socket socket = connect(host, PATIENCE_MILLIS)) {
        return (char) socket.getInputStream().read();
      } catch (IOException _) {
        return '-';
      }
    });
  }

  /** Whether packets vanish on their way. */
  boolean isDropped(String host, int millis) throws Exception {
    return threads.call(() -> {
      try (Socket _ = connect(host, millis)) {
        return false;
      } catch (SocketTimeoutException _) {
        return true;
      }
    });
  }

  /** A connection on which somebody has answered. */
  Socket open(String host) throws Exception {
    return threads.call(() -> {
      Socket socket = connect(host, PATIENCE_MILLIS);
      int _ = socket.getInputStream().read();
      return socket;
    });
  }

  /** A socket that sends its datagrams from one port, as one flow. */
  DatagramSocket flow(String host) throws Exception {
    return threads.call(() -> {
      DatagramSocket socket = new DatagramSocket();
      socket.connect(new InetSocketAddress(host, port));
      socket.setSoTimeout(DATAGRAM_MILLIS);
      return socket;
    });
  }

  /** Who answers a datagram of the flow; it is sent again where it is lost. */
  static char ask(DatagramSocket flow) throws IOException {
    byte[] bytes = {'?'};
    for (int left = DATAGRAMS; left > 0; left--) {
      try {
        flow.send(new DatagramPacket(bytes, 1));
        flow.receive(new DatagramPacket(bytes, 1));
        return (char) bytes[0];
      } catch (SocketTimeoutException | java.net.PortUnreachableException _) {
        // Again.
      }
    }
    return '-';
  }

  /**
   * Moves counted bytes there and back, some with every step.
   *
   * @return how often they came back
   */
  Future<Long> pump(String host, Pace pace) throws Exception {
    Socket socket = open(host);
    return threads.start(() -> {
      try (socket) {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] chunk = new byte[4096];
        long rounds = 0;
        while (pace.awaitNext(rounds)) {
          Arrays.fill(chunk, (byte) rounds++);
          out.write(chunk);
          if (!Arrays.equals(chunk, in.readNBytes(chunk.length))) {
            throw new IOException("other bytes came back in round " + rounds);
          }
        }
        return rounds;
      }
    });
  }

  private Socket connect(String host, int millis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(host, port), millis);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }
}
