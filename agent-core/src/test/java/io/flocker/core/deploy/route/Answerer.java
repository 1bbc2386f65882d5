package io.flocker.core.deploy.route;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An application that tells who it is: one byte at the beginning of each connection, whose bytes
 * come back after it, and one for each datagram.
 */
final class Answerer implements AutoCloseable {
  private final int name;
  private final ServerSocket server;
  private final DatagramSocket datagrams;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private Answerer(int name, int port) throws IOException {
    this.name = name;
    this.server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(port), 256);
    this.datagrams = new DatagramSocket(port);
  }

  /** Answers at {@code port} of all addresses of the node, by TCP and UDP. */
  static Answerer at(RoutedNode node, char name, int port) throws Exception {
    Answerer answerer = node.threads.call(() -> new Answerer(name, port));
    var _ =
        node.threads.start(() -> {
          while (true) {
            Socket connection = answerer.server.accept();
            answerer.connections.add(connection);
            var _ = node.threads.start(() -> answerer.serve(connection));
          }
        });
    var _ = node.threads.start(answerer::serveDatagrams);
    return answerer;
  }

  private Void serve(Socket connection) throws IOException {
    try (connection) {
      InputStream in = connection.getInputStream();
      OutputStream out = connection.getOutputStream();
      out.write(name);
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        out.write(chunk, 0, n);
      }
    } finally {
      connections.remove(connection);
    }
    return null;
  }

  private Void serveDatagrams() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[16], 16);
    while (true) {
      packet.setLength(16);
      datagrams.receive(packet);
      packet.getData()[0] = (byte) name;
      datagrams.send(packet);
    }
  }

  /** As when the application is stopped: its connections are cut. */
  @Override
  public void close() throws IOException {
    server.close();
    datagrams.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
