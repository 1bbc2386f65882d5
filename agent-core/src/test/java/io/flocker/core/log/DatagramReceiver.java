package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A datagram socket as journald and systemd have one, held by a Python child: the JDK has none. */
public final class DatagramReceiver implements AutoCloseable {
  private static final String SCRIPT =
      """
      import socket, struct, sys
      path = sys.argv[1]
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind("\\0" + path[1:] if path.startswith("@") else path)
      out = sys.stdout.buffer
      out.write(b"!"); out.flush()
      while True:
          d = s.recv(1 << 20)
          out.write(struct.pack(">i", len(d)) + d); out.flush()
      """;

  private final Process child;
  private final DataInputStream datagrams;

  private DatagramReceiver(Process child) {
    this.child = child;
    this.datagrams = new DataInputStream(child.getInputStream());
  }

  /** Listens at {@code path}, {@code @} standing for the NUL of an abstract name. */
  public static DatagramReceiver at(String path) throws IOException {
    Path python = Path.of("/usr/bin/python3");
    if (!Files.isExecutable(python)) {
      throw new IOException("needs " + python + ": apt-get install python3");
    }
    DatagramReceiver receiver =
        new DatagramReceiver(
            new ProcessBuilder(python.toString(), "-c", SCRIPT, path)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    int ready = receiver.datagrams.read();
    if (ready != '!') {
      receiver.close();
      throw new IOException("cannot listen at " + path);
    }
    return receiver;
  }

  /** Waits for the next datagram. */
  public String next() throws IOException {
    return new String(datagrams.readNBytes(datagrams.readInt()), UTF_8);
  }

  @Override
  public void close() {
    child.destroyForcibly();
    try {
      child.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
