package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What people use instead, started on 127.0.0.1 by itself for every run. */
final class Rival implements Contender {
  /** How a rival is run on a stage. */
  @FunctionalInterface
  interface Staging {
    Plan plan(Stage stage) throws IOException;
  }

  private static final double GB = 1e9;
  private static final double NANOS = 1e9;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final String name;
  private final String description;
  private final List<String> programs;
  private final Staging staging;
  private final Path setup;

  /**
   * Describes a rival.
   *
   * @param programs what it needs on the PATH
   * @param setup the folder of certificates and keys
   */
  Rival(String name, String description, List<String> programs, Path setup, Staging staging) {
    this.name = name;
    this.description = description;
    this.programs = programs;
    this.setup = setup;
    this.staging = staging;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  /** Which of its programs are not here. */
  List<String> missing() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    return programs.stream()
        .filter(program ->
            Stream.of(path.split(":", -1))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
        .toList();
  }

  @Override
  public Run run(Load load) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(setup, name);
    Stage stage = new Stage(folder, setup, load);
    Plan plan = staging.plan(stage);
    List<Process> services = new ArrayList<>();
    double machine = ProcessFigures.machine();
    long nanos;
    try {
      services.addAll(start(plan.services(), folder));
      awaitPorts(plan.servicePorts());
      List<Process> streams = new ArrayList<>(start(plan.sinks(), folder));
      services.addAll(streams);
      awaitPorts(plan.sinkPorts());
      long begun = System.nanoTime();
      streams.addAll(start(plan.clients(), folder));
      for (Process stream : streams) {
        if (stream.waitFor() != 0) {
          throw new IOException(name + " failed: " + log(folder));
        }
      }
      nanos = System.nanoTime() - begun;
      if (!plan.services().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(200); // They reap their own children meanwhile.
      }
    } finally {
      for (Process service : services) {
        end(service);
      }
    }
    double gigabytes = load.totalBytes() / GB;
    double machineSeconds = ProcessFigures.machine() - machine;
    if (stage.takenBytes() != load.totalBytes()) {
      throw new IOException(name + " moved " + stage.takenBytes() + " bytes: " + log(folder));
    }
    return figures(folder, gigabytes, nanos / NANOS, machineSeconds);
  }

  private static Run figures(Path folder, double gigabytes, double seconds, double machine)
      throws IOException {
    Map<String, Double> cpu = new LinkedHashMap<>();
    Map<String, Long> peaks = new LinkedHashMap<>();
    try (var files = Files.newDirectoryStream(folder, "*.time")) {
      for (Path file : files) {
        String role = file.getFileName().toString().replace(".time", "");
        for (String line : Files.readAllLines(file)) {
          String[] fields = line.split(" ", -1);
          if (fields.length == 3 && !line.startsWith("Command")) {
            double used = Double.parseDouble(fields[0]) + Double.parseDouble(fields[1]);
            cpu.merge(role, used / gigabytes, Double::sum);
            peaks.merge(role, Long.parseLong(fields[2]) << 10, Long::sum);
          }
        }
      }
    }
    // What sshd has waited for is counted as its own, and the sink is among it.
    cpu.computeIfPresent("sshd", (_, all) -> all - cpu.getOrDefault("sink", 0.0));
    return new Run(gigabytes / seconds, machine / gigabytes, cpu, peaks, Map.of());
  }

  private static List<Process> start(List<String> commands, Path folder) throws IOException {
    List<Process> started = new ArrayList<>();
    for (String command : commands) {
      started.add(
          new ProcessBuilder("bash", "-c", "set -o pipefail; PATH=$PATH:/usr/sbin; " + command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
              .start());
    }
    return started;
  }

  private void awaitPorts(List<Integer> ports) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    for (int port : ports) {
      while (!Stage.isListening(port)) {
        if (System.nanoTime() > deadline) {
          throw new IOException(name + " does not listen on " + port);
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  /** Its innermost process goes first, so that {@code time} can say what it took. */
  private static void end(Process process) {
    process.descendants().filter(Rival::isLeafOfTime).forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isLeafOfTime(ProcessHandle process) {
    return process.info().command().filter(command -> command.endsWith("/time")).isEmpty();
  }

  private static String log(Path folder) throws IOException {
    return Files.readString(folder.resolve("log")).strip();
  }
}
