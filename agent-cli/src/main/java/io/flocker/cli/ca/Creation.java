package io.flocker.cli.ca;

import io.flocker.core.json.JsonMappers;
import io.flocker.core.pki.CertificateTerms;
import io.flocker.core.pki.KeyAlgorithm;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share: where and on what terms to create, and how to say so. */
final class Creation {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = {"-o", "--outputpath"},
      paramLabel = "FOLDER",
      description = "Where the new files go; the current folder unless given.")
  private Path output = Path.of("");

  @Option(
      names = "--key-algorithm",
      paramLabel = "ec|rsa",
      description = "Kind of the new key: ECDSA on P-256 (the default) or RSA of 4096 bits.")
  private KeyAlgorithm algorithm = KeyAlgorithm.EC;

  @Option(
      names = "--validity-days",
      paramLabel = "DAYS",
      description =
          "How long the certificate holds, at most as long as its authority's; 7300 unless given.")
  private int days = Math.toIntExact(CertificateTerms.DEFAULT_VALIDITY.toDays());

  @Option(names = "--json", description = "Say what was created as one JSON object.")
  private boolean json;

  Path folder() {
    return output;
  }

  CertificateTerms terms() {
    return new CertificateTerms(algorithm, Duration.ofDays(days));
  }

  /** Says what was created, and what to do with it. */
  void report(Created created, String advice) {
    report(created, "Created %s and %s.".formatted(created.certificate(), created.key()), advice);
  }

  /** Says what was created, for programs or for people, and to these what to do with it. */
  void report(Record created, String words, String advice) {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(JsonMappers.WIRE.writeValueAsString(created));
      return;
    }
    out.println(words);
    out.println(advice);
  }
}
