package io.flocker.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.RawConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A {@link SmallNode} whose heap is as large as a daemon's, until it is closed. */
final class SmallNodeProcess implements AutoCloseable {
  private final Path folder;
  private final Process process;
  private final InetSocketAddress address;

  private SmallNodeProcess(Path folder, Process process) throws IOException {
    this.folder = folder;
    this.process = process;
    int port =
        Integer.parseInt(
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine());
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static SmallNodeProcess start(Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallNode.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new SmallNodeProcess(folder, process);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** A connection of one of its users, alice or bob. */
  RawConnection connect(String user) throws IOException, CredentialsException {
    Credentials credentials =
        Credentials.load(
            folder.resolve("cluster.crt"),
            folder.resolve(user + ".crt"),
            folder.resolve(user + ".key"));
    return RawConnection.open(credentials, address);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.destroyForcibly();
    var _ = process.waitFor();
  }
}
