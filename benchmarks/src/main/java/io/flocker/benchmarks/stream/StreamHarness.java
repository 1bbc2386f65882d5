package io.flocker.benchmarks.stream;

import static io.flocker.benchmarks.Harness.say;

import io.flocker.benchmarks.Harness;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves the same bytes by every path, round after round, so that each round's ratios are of one
 * moment.
 */
public final class StreamHarness {
  /** A daemon runs for months: what it costs until its code is compiled is not the question. */
  private static final long WARM_UP_BYTES = 16L << 30;

  /** In one long stream the compiler would never see how a stream begins and ends. */
  private static final int WARM_UP_STREAMS = 32;

  private static final long FLOOR_BYTES = 4L << 30;

  private final Options options;
  private final Path folder;

  private StreamHarness(Options options, Path folder) {
    this.options = options;
    this.folder = folder;
  }

  /** Runs; {@code benchmarks/stream} says with which arguments. */
  public static void main(String... arguments) throws Exception {
    Options options = new Options();
    Harness.run(options, folder -> new StreamHarness(options, folder).run(), arguments);
  }

  private void run() throws Exception {
    HostConditions conditions = HostConditions.look();
    say(conditions.text());
    Path setup = Files.createDirectory(folder.resolve("setup"));
    NodeId sending = NodeId.random();
    NodeId receiving = NodeId.random();
    NodeId alsoReceiving = NodeId.random();
    prepare(setup, sending, receiving, alsoReceiving);
    int loops = conditions.cores();
    try (AgentProcess sender =
            AgentProcess.start(options.java(), setup, sending, loops, options.engine());
        AgentProcess receiver =
            AgentProcess.start(options.java(), setup, receiving, loops, options.engine());
        AgentProcess another =
            AgentProcess.start(options.java(), setup, alsoReceiving, loops, options.engine());
        Loads loads = loads()) {
      Flockerd ours = new Flockerd(sender, receiver);
      for (int i = 0; i < WARM_UP_STREAMS; i++) {
        var _ = ours.run(Load.zeros(warmUpBytes() / WARM_UP_STREAMS, 1));
      }
      List<Contender> contenders = new ArrayList<>(List.of(ours));
      contenders.addAll(rivals(setup));
      FloorMeter meter = new FloorMeter(Math.min(options.bytes(), FLOOR_BYTES));
      FloorModel floor = meter.copying();
      FloorModel lending = meter.lending(floor);
      Report report =
          new Report(
              options,
              conditions,
              descriptions(contenders),
              compete(contenders, loads),
              floor,
              lending);
      Scenes scenes =
          new Scenes(
              options, sender, receiver, another, Agent.credentials(setup, sending.toString()));
      scenes.play();
      tell(report, scenes);
    }
  }

  /** A short stream of zeros is a try; a pool or a recording is meant, whatever its size. */
  private long warmUpBytes() {
    return options.isOfPool() || options.recording().isPresent()
        ? WARM_UP_BYTES
        : Math.min(options.bytes() * 4, WARM_UP_BYTES);
  }

  private Loads loads() throws IOException {
    if (options.isOfPool()) {
      return Pools.create(folder.resolve("pools"), options.bytes(), options.streams());
    }
    Load same =
        options.recording().isPresent()
            ? Load.recorded(options.recording().get(), options.streams())
            : Load.zeros(options.bytes(), options.streams());
    return () -> same;
  }

  private List<Rival> rivals(Path setup) {
    List<Rival> chosen = new ArrayList<>();
    for (Rival rival : Rivals.in(setup)) {
      String asked = rival.name().replace("-default", "");
      boolean isChosen =
          options.rivals().contains(asked)
              || (rival.name().equals("pipe") && !options.rivals().isEmpty());
      if (isChosen && !rival.missing().isEmpty()) {
        say("missing: " + rival.description() + ", for there is no " + rival.missing());
      } else if (isChosen) {
        chosen.add(rival);
      }
    }
    return chosen;
  }

  private Results compete(List<Contender> contenders, Loads loads) throws Exception {
    Results results = new Results();
    List<Contender> left = new ArrayList<>(contenders);
    for (int round = 1; round <= options.rounds(); round++) {
      for (Contender contender : List.copyOf(left)) {
        try {
          Run run = contender.run(loads.next());
          results.add(contender, run);
          say(
              "round %d: %-12s %.2f GB/s, %.2f CPU-s/GB (machine %.2f)"
                  .formatted(
                      round,
                      contender.name(),
                      run.gigabytesPerSecond(),
                      run.processSeconds(),
                      run.machine()));
        } catch (IOException e) {
          if (contender instanceof Flockerd) {
            throw e;
          }
          say("missing: " + contender.description() + ", for it failed: " + e.getMessage());
          results.drop(contender);
          left.remove(contender);
        }
      }
    }
    return results;
  }

  private void tell(Report report, Scenes scenes) throws IOException {
    say("");
    say(report.markdown());
    if (options.json().isPresent()) {
      Map<String, Object> document = report.document();
      document.put("scenes", scenes.figures());
      Files.write(options.json().get(), Json.write(document));
    }
    if (options.readme().isPresent()) {
      Path readme = options.readme().get();
      if (options.isOfPool()) {
        Report.write(readme, "pools", report.markdown());
      } else {
        Report.write(readme, "comparison", report.markdown());
        Files.writeString(readme.resolveSibling("stream.svg"), report.chart());
      }
      if (!scenes.figures().isEmpty()) {
        Report.write(readme, "scenes", report.conditions() + ":\n\n" + scenes.markdown());
      }
    }
  }

  private static Map<String, String> descriptions(List<Contender> contenders) {
    Map<String, String> descriptions = new LinkedHashMap<>();
    contenders.forEach(each -> descriptions.put(each.name(), each.description()));
    return descriptions;
  }

  /** Certificates for ours, the same for rivals, and keys for ssh. */
  private static void prepare(Path setup, NodeId... nodes) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create("benchmark", KeyAlgorithm.EC);
    CredentialFiles ca = authority.save(setup);
    for (NodeId node : nodes) {
      Credentials credentials = authority.issueNode(node, List.of("127.0.0.1", "localhost"));
      CredentialFiles files = credentials.save(setup, "node-" + node);
      copy(files.certificate(), setup.resolve("tls.crt"));
      copy(files.key(), setup.resolve("tls.key"));
    }
    copy(ca.certificate(), setup.resolve("ca.crt"));
    Files.writeString(
        setup.resolve("tls.pem"),
        Files.readString(setup.resolve("tls.crt")) + Files.readString(setup.resolve("tls.key")));
    sshKey(setup.resolve("ssh_host"));
    sshKey(setup.resolve("ssh_user"));
  }

  private static void sshKey(Path file) throws InterruptedException {
    try {
      int _ =
          new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
              .start()
              .waitFor();
    } catch (IOException _) {
      // There is no OpenSSH: the rival will be told to be missing.
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }
}
