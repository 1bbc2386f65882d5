package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real {@code sshd} on the loopback address, with keys and settings of its own, and its client as
 * {@code flocker-deploy} called it in 2014.
 */
final class Sshd implements AutoCloseable {
  private static final long COMMAND_SECONDS = 120;

  private final Path folder;
  private final int port;
  private final Process process;

  private Sshd(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** How a remote command ended. */
  record Ran(int exit, String out, String err) {}

  /**
   * Starts one and waits until it listens.
   *
   * @param folder for its files, empty
   * @param environment of all that it runs
   */
  static Sshd start(Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    for (String key : List.of("host", "user")) {
      Process made =
          new ProcessBuilder(
                  "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/" + key)
              .inheritIO()
              .start();
      if (made.waitFor() != 0) {
        throw new IOException("ssh-keygen ended with " + made.exitValue());
      }
    }
    Files.createDirectories(Path.of("/run/sshd")); // Where sshd locks itself up; it insists.
    int port = TestNode.freePort();
    Files.writeString(
        folder.resolve("config"),
        """
        ListenAddress 127.0.0.1:%d
        HostKey %s/host
        AuthorizedKeysFile %s/user.pub
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        StrictModes no
        UsePAM no
        PidFile none
        SetEnv %s
        """
            .formatted(
                port,
                folder,
                folder,
                environment.entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .collect(Collectors.joining(" "))));
    Process process =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", folder + "/config")
            .redirectErrorStream(true)
            .start();
    Sshd sshd = new Sshd(folder, port, process);
    sshd.awaitListening();
    return sshd;
  }

  /** Runs a command, each of its words quoted for the shell at the other end. */
  Ran run(Path input, String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ssh",
                "-q",
                "-i",
                folder + "/user",
                "-l",
                "root",
                "-o",
                "StrictHostKeyChecking=no",
                "-oControlMaster=no",
                "-o",
                "GSSAPIAuthentication=no",
                "-p",
                String.valueOf(port)));
    // Not one of 2014's: nothing is to be left in the home of whoever runs the tests.
    command.addAll(List.of("-o", "UserKnownHostsFile=" + folder + "/known_hosts", "127.0.0.1"));
    Stream.of(words).map(Sshd::quoted).forEach(command::add);
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process ssh =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!ssh.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
      ssh.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    return new Ran(ssh.exitValue(), Files.readString(out), Files.readString(err));
  }

  Ran run(String... words) throws IOException, InterruptedException {
    return run(Path.of("/dev/null"), words);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  private void awaitListening() throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      all.append(line).append('\n');
      if (line.startsWith("Server listening")) {
        Thread.ofVirtual().start(() -> drain(said));
        return;
      }
    }
    throw new IOException("sshd does not listen: " + all);
  }

  /** It says no more once it is ended. */
  private static void drain(BufferedReader said) {
    try (said) {
      long _ = said.transferTo(Writer.nullWriter());
    } catch (IOException _) {
      // It was ended in the midst of it.
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\"'\"'") + "'";
  }
}
