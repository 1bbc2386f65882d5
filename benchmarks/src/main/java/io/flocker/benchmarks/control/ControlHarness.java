package io.flocker.benchmarks.control;

import static io.flocker.benchmarks.Harness.say;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.benchmarks.Harness;
import io.flocker.benchmarks.stream.HostConditions;
import io.flocker.benchmarks.stream.ProcessFigures;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.http.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Asks ours and nginx in turns, so that each round's ratios are of one moment. */
public final class ControlHarness {
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double HALF = 0.5;
  private static final double ALMOST_ALL = 0.99;

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("GET /v1/version", "GET", "/v1/version", "", 200, 0.6),
          new Question("GET /v1/volumes, 1,000 of them", "GET", "/v1/volumes", "", 200, 0.4),
          new Question(
              "POST of an operation",
              "POST",
              "/v1/work/" + UUID.randomUUID(),
              "{\"peer\":\"9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302\"}",
              202,
              0));

  private final ControlOptions options;
  private final Path setup;

  private ControlHarness(ControlOptions options, Path setup) {
    this.options = options;
    this.setup = setup;
  }

  /** Runs; {@code benchmarks/control} says with which arguments. */
  public static void main(String... arguments) throws Exception {
    ControlOptions options = new ControlOptions();
    Harness.run(options, folder -> new ControlHarness(options, folder).run(), arguments);
  }

  private void run() throws Exception {
    HostConditions conditions = HostConditions.look();
    say(conditions.text());
    NodeId self = NodeId.random();
    Credentials user = prepare(self);
    try (Caller caller = new Caller(user);
        Contender ours = ours(self);
        Contender nginx = nginx(caller, ours)) {
      for (Question question : QUESTIONS) {
        var _ = side(caller, question, ours, options.warmUpNanos());
        var _ = side(caller, question, nginx, options.nanos());
      }
      ControlReport report =
          new ControlReport(conditions, options.connections(), compete(caller, ours, nginx));
      say("");
      say(report.markdown());
      if (options.json().isPresent()) {
        Files.write(options.json().get(), Json.write(report.document()));
      }
      if (options.readme().isPresent()) {
        report.writeInto(options.readme().get());
      }
    }
  }

  private Map<Question, List<Round>> compete(Caller caller, Contender ours, Contender nginx)
      throws Exception {
    Map<Question, List<Round>> rounds = new LinkedHashMap<>();
    for (int i = 1; i <= options.rounds(); i++) {
      for (Question question : QUESTIONS) {
        Round round =
            new Round(
                side(caller, question, ours, options.nanos()),
                side(caller, question, nginx, options.nanos()));
        rounds.computeIfAbsent(question, _ -> new ArrayList<>()).add(round);
        say(
            "round %d: %-30s %,8.0f against %,8.0f /s, %5.0f against %5.0f CPU µs, p99 %.2f against %.2f ms"
                .formatted(
                    i,
                    question.name(),
                    round.ours().perSecond(),
                    round.nginx().perSecond(),
                    round.ours().cpu(),
                    round.nginx().cpu(),
                    round.ours().p99(),
                    round.nginx().p99()));
      }
    }
    return rounds;
  }

  private Round.Side side(Caller caller, Question question, Contender server, long nanos)
      throws Exception {
    double before = cpu(server);
    Answers answers = caller.ask(question, server.port(), options.connections(), nanos);
    double cpu = (cpu(server) - before) * MICROS_PER_SECOND / answers.count();
    return new Round.Side(
        answers.perSecond(), cpu, answers.millis(HALF), answers.millis(ALMOST_ALL));
  }

  private static double cpu(Contender server) throws IOException {
    double seconds = 0;
    for (ProcessHandle process : server.processes().toList()) {
      seconds += ProcessFigures.own(process.pid());
    }
    return seconds;
  }

  private Contender ours(NodeId self) throws IOException {
    List<String> command = new ArrayList<>(options.java());
    Path state = Files.createDirectory(setup.resolve("state"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ControlServer.class.getName(),
            setup.toString(),
            self.toString(),
            state.toString()));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String port =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
    if (port == null) {
      throw new IOException("our server has ended; what it said stands above");
    }
    return new Contender(process, Integer.parseInt(port));
  }

  private Contender nginx(Caller caller, Contender ours) throws Exception {
    byte[] version = caller.askOnce(QUESTIONS.get(0), ours.port());
    byte[] list = caller.askOnce(QUESTIONS.get(1), ours.port());
    byte[] accepted = caller.askOnce(QUESTIONS.get(2), ours.port());
    say(
        "version %d, list %d, operation %d bytes"
            .formatted(version.length, list.length, accepted.length));
    return Nginx.start(setup, version, list, new String(accepted, UTF_8));
  }

  private Credentials prepare(NodeId self) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create("benchmark", KeyAlgorithm.EC);
    CredentialFiles ca = authority.save(setup);
    CredentialFiles node =
        authority.issueNode(self, List.of("127.0.0.1")).save(setup, "node-" + self);
    Files.copy(ca.certificate(), setup.resolve("ca.crt"));
    Files.copy(node.certificate(), setup.resolve("tls.crt"));
    Files.copy(node.key(), setup.resolve("tls.key"));
    return authority.issueUser("benchmark");
  }
}
