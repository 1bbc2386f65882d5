package io.flocker.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.config.DaemonOptions;
import io.flocker.core.os.TestJvm;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.RawConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link SmallNode} with the options of a daemon, until it is closed. */
final class SmallNodeProcess implements AutoCloseable {
  /** It lives for seconds, and what it holds does not depend on how well it is compiled. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private final Path folder;
  private final Process process;
  private final InetSocketAddress address;

  /** Hundreds of connections are made with the same. */
  private final Map<String, Credentials> credentials = new ConcurrentHashMap<>();

  private SmallNodeProcess(Path folder, Process process) throws IOException {
    this.folder = folder;
    this.process = process;
    int port =
        Integer.parseInt(
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine());
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static SmallNodeProcess start(Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(TestJvm.program());
    command.addAll(DaemonOptions.read());
    command.add(QUICK_START);
    command.add("-cp");
    command.add(TestJvm.classPath());
    command.add(SmallNode.class.getName());
    command.add(folder.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new SmallNodeProcess(folder, process);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** A connection of one of its users, alice or bob. */
  RawConnection connect(String user) throws IOException, CredentialsException {
    Credentials known = credentials.get(user);
    if (known == null) {
      known =
          Credentials.load(
              folder.resolve("cluster.crt"),
              folder.resolve(user + ".crt"),
              folder.resolve(user + ".key"));
      credentials.put(user, known);
    }
    return RawConnection.open(known, address);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroyForcibly();
    var _ = process.onExit().join();
  }
}
