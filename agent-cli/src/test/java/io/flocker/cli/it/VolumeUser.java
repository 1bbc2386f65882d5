package io.flocker.cli.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that uses a volume, and says line by line on its stdout how far it is. */
final class VolumeUser implements AutoCloseable {
  /** One number a line, told only once it is on disk. TERM ends it between two of them. */
  private static final String WRITER =
      """
      trap exit TERM
      exec 3>>lines
      i=0
      while :; do
        i=$((i + 1))
        echo $i >&3
        sync lines
        echo $i
      done
      """;

  private static final long END_SECONDS = 120;

  private final Process process;
  private final BufferedReader said;

  private VolumeUser(Process process) {
    this.process = process;
    this.said = process.inputReader();
  }

  /** A command that runs in {@code folder} until it is closed; returns once it has said a line. */
  static VolumeUser run(Path folder, Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    VolumeUser user =
        new VolumeUser(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    String _ = user.next();
    return user;
  }

  /**
   * One that appends numbers to the file {@code lines}, having synchronised each before it says it.
   */
  static VolumeUser writer(Path folder) throws IOException {
    return run(folder, Map.of(), "sh", "-c", WRITER);
  }

  long pid() {
    return process.pid();
  }

  /** Waits for the next line. */
  String next() throws IOException {
    String line = said.readLine();
    if (line == null) {
      throw new IOException("the user of the volume has ended");
    }
    return line;
  }

  /** Sends TERM, and returns all lines that it has said until its end. */
  List<String> finish() throws IOException, InterruptedException {
    boolean _ = process.toHandle().destroy(); // Process.destroy would close its stdout, too.
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      lines.add(line);
    }
    process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(END_SECONDS, TimeUnit.SECONDS).join();
  }
}
