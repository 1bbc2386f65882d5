package io.flocker.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.doctor.Doctor;
import io.flocker.cli.doctor.LocalZfs;
import io.flocker.cli.support.FlightRecording;
import io.flocker.cli.support.LogTail;
import io.flocker.cli.support.SettingsText;
import io.flocker.cli.support.SupportBundle;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.state.DurableFile;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flocker support-bundle}. */
@Command(
    name = "support-bundle",
    description = {
      "Puts together what somebody who helps needs to know of this node: what its daemon answers,"
          + " its newest log, what the doctor finds, settings, pool and datasets.",
      "No keys, nothing of what volumes hold, no environment of applications or hooks is in it;"
          + " names of volumes, hosts and peers are, and what hooks, and applications that failed,"
          + " have printed last. What cannot be"
          + " had, as where the daemon is down, is said in it and stops nothing."
    })
final class SupportBundleCommand implements Callable<Integer> {
  private static final String UNIT = "flockerd";
  private static final int MOST_RECORDED_SECONDS = 300;

  /** The wish for the cluster is not among them: applications get their passwords by it. */
  private static final Map<String, String> ANSWERS =
      Map.of(
          "version.json", "/v1/version",
          "node.json", "/v1/node",
          "peers.json", "/v1/peers",
          "volumes.json", "/v1/volumes",
          "operations.json", "/v1/operations",
          "state.json", "/v1/state",
          "replication.json", "/v1/replication",
          "convergence.json", "/v1/configuration/status",
          "metrics.txt", "/metrics");

  private final Session session;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Where it goes; flocker-support-<time>.tar.gz in the current folder unless given")
  private @Nullable Path output;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The settings of flockerd; else /etc/flocker/flockerd.yml")
  private @Nullable Path file;

  @Option(
      names = "--record",
      paramLabel = "SECONDS",
      description =
          "Also what the daemon's processors, memory and locks do for so long, 1 to 300, as a"
              + " recording that JDK Mission Control reads; of the daemon on this machine, as root")
  private int recordedSeconds;

  SupportBundleCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if (recordedSeconds < 0 || recordedSeconds > MOST_RECORDED_SECONDS) {
      session.complain("flocker: --record takes 1 to 300 seconds");
      return ExitCode.USAGE;
    }
    Instant now = Instant.now();
    String name = "flocker-support-" + now.toString().replaceAll("[:.-]", "");
    Path archive = output == null ? Path.of(name + ".tar.gz") : output;
    if (Files.exists(archive)) {
      session.complain("flocker: " + archive + " exists, and is not overwritten");
      return ExitCode.USAGE;
    }
    SupportBundle bundle = new SupportBundle(name, now);
    bundle.addText("programs.txt", Version.number() + "\n");
    addAnswers(bundle);
    Path settings = file == null ? session.environment().folder().resolve("flockerd.yml") : file;
    bundle.add("settings.txt", () -> SettingsText.of(settings));
    try {
      NodeConfiguration read = NodeConfiguration.read(settings);
      addRecording(bundle, settings, read.state());
      addMachine(bundle, read);
    } catch (ConfigurationException e) {
      bundle.add("doctor.txt", () -> refuse(e));
    }
    try {
      DurableFile.create(archive, bundle.archive());
    } catch (IOException e) {
      session.complain("flocker: %s cannot be made: %s".formatted(archive, DurableFile.reason(e)));
      return ExitCode.USAGE;
    }
    session.print(
        Map.of("archive", archive.toString(), "missing", bundle.missing().lines().toList()),
        () -> lines(archive, bundle));
    return ExitCode.DONE;
  }

  private void addAnswers(SupportBundle bundle) throws InterruptedException {
    try (FlockerClient node = session.connect()) {
      for (Map.Entry<String, String> answer : ANSWERS.entrySet()) {
        bundle.add("answers/" + answer.getKey(), () -> node.document(answer.getValue()));
      }
    } catch (CredentialsException | ConfigurationException e) {
      bundle.add("answers", () -> refuse(e));
    }
  }

  private void addRecording(SupportBundle bundle, Path settings, Path state)
      throws InterruptedException {
    if (recordedSeconds > 0) {
      bundle.add(
          "flight-recording.jfr",
          () -> {
            FlightRecording recording = FlightRecording.of(settings, state);
            try (InterruptHook _ = new InterruptHook(recording::abandon)) {
              return recording.take(Duration.ofSeconds(recordedSeconds));
            }
          });
    }
  }

  private static void addMachine(SupportBundle bundle, NodeConfiguration settings)
      throws InterruptedException {
    LocalZfs local = LocalZfs.of(settings);
    bundle.add(
        "doctor.txt",
        () -> {
          List<String> findings =
              Doctor.examine(settings).stream()
                  .map(one -> one.check() + " " + one.verdict() + ": " + one.text())
                  .toList();
          return String.join("\n", findings).concat("\n").getBytes(UTF_8);
        });
    bundle.add("log.json", () -> LogTail.read(settings.log().target(), UNIT));
    bundle.add(
        "zpool-status.txt", () -> local.zpool().run("status", settings.pool()).getBytes(UTF_8));
    bundle.add(
        "datasets.txt",
        () ->
            local
                .zfs()
                .run(
                    "list", "-r", "-o", "name,used,avail,refer,mounted,mountpoint", settings.pool())
                .getBytes(UTF_8));
    bundle.add(
        "properties.txt",
        () ->
            SupportBundle.withoutCredentials(
                    local.zfs().run("get", "-r", "-s", "local,received", "all", settings.pool()))
                .getBytes(UTF_8));
  }

  private static byte[] refuse(Exception why) throws Exception {
    throw why;
  }

  private static List<String> lines(Path archive, SupportBundle bundle) {
    List<String> lines = new ArrayList<>(bundle.missing().lines().toList());
    lines.replaceAll("missing: "::concat);
    lines.add(
        "Created "
            + archive
            + ". Look into it before you send it: names are in it, and what hooks and failed"
            + " applications printed.");
    return lines;
  }
}
