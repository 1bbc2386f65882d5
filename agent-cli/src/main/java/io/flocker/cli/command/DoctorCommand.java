package io.flocker.cli.command;

import io.flocker.cli.console.Table;
import io.flocker.cli.doctor.Doctor;
import io.flocker.cli.doctor.Finding;
import io.flocker.cli.doctor.Verdict;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flocker doctor}. */
@Command(
    name = "doctor",
    description = {
      "Looks at the machine that it runs on: its pool, snapshots and holds of other tools, its"
          + " certificates, disk and kernel, its peers and their clocks, its container engine, its"
          + " mounts, its firewalls, and at what keeps copies from following. Says what may keep a"
          + " node from its work, and what to do.",
      "Needs a daemon here for the copies alone, and changes nothing. Ends with 1 where something"
          + " does not work; what may not work is a warning."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The settings of flockerd; else /etc/flocker/flockerd.yml")
  private @Nullable Path file;

  @Mixin private Columns columns = new Columns();

  DoctorCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    Path settings = file == null ? session.environment().folder().resolve("flockerd.yml") : file;
    NodeConfiguration configuration = NodeConfiguration.read(settings);
    List<Finding> findings = new ArrayList<>(Doctor.examine(configuration));
    findings.addAll(copies(configuration));
    session.print(Map.of("findings", findings), () -> columns.of(table(findings)));
    boolean isFailing = findings.stream().anyMatch(found -> found.verdict() == Verdict.FAILURE);
    return isFailing ? ExitCode.FAILED : ExitCode.DONE;
  }

  private List<Finding> copies(NodeConfiguration configuration) throws InterruptedException {
    try (FlockerClient node = session.connect(configuration)) {
      return CopyFindings.of(node.copies(), PeerNames.of(node));
    } catch (FailureException | IOException | CredentialsException e) {
      return List.of(CopyFindings.unknown(e));
    }
  }

  private static Table table(List<Finding> findings) {
    Table table = new Table("CHECK", "VERDICT", "WHAT");
    findings.forEach(found -> table.row(found.check(), found.verdict().toString(), found.text()));
    return table;
  }
}
