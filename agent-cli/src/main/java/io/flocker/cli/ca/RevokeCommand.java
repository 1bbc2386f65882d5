package io.flocker.cli.ca;

import io.flocker.core.json.JsonMappers;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CertificateTerms;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.core.pki.Revocation;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flocker-ca revoke}. */
@Command(
    name = "revoke",
    description = {
      "Takes a certificate back: adds it to the list cluster.crl beside cluster.crt.",
      "Copy the list to where cluster.crt is on every node; running daemons take it up, and end the"
          + " connections of whoever is on it."
    })
final class RevokeCommand implements Callable<Integer> {
  private static final int HEX = 16;

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = {"-i", "--inputpath"},
      paramLabel = "FOLDER",
      description =
          "Where cluster.crt, cluster.key and cluster.crl are; the current one unless given.")
  private Path folder = Path.of("");

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "From when on it counts for nothing, such as 2026-01-02T03:04:05Z; now unless given. What"
              + " its holder signed before that still counts.")
  private @Nullable Instant since;

  @Option(
      names = "--validity-days",
      paramLabel = "DAYS",
      description =
          "When a newer list is due; until the authority's own end unless given. An old one still"
              + " counts, with a warning.")
  private int days = Math.toIntExact(CertificateTerms.DEFAULT_VALIDITY.toDays());

  @Option(names = "--json", description = "Say what was done as one JSON object.")
  private boolean json;

  @Parameters(
      paramLabel = "CERT|SERIAL",
      description = "The certificate's file, or its serial number in hex, as openssl prints it.")
  private String which = "";

  /** What {@code --json} prints. */
  private record Revoked(String list, String serial, String since, int revoked) {}

  @Override
  public Integer call() throws CredentialsException {
    CertificateAuthority authority =
        CertificateAuthority.load(folder)
            .on(new CertificateTerms(KeyAlgorithm.EC, Duration.ofDays(days)));
    Path file = Path.of(which);
    BigInteger serial = Files.exists(file) ? authority.serialOf(file) : serial();
    Instant from =
        (since == null ? Instant.now() : since).truncatedTo(ChronoUnit.SECONDS); // As X.509 has it.
    report(authority.revoke(folder, serial, from));
    return 0;
  }

  private BigInteger serial() {
    try {
      return new BigInteger(which.replace(":", ""), HEX);
    } catch (NumberFormatException _) {
      throw new ParameterException(
          command.commandLine(),
          "'" + which + "' is neither a file nor the serial number of a certificate, in hex");
    }
  }

  private void report(Revocation done) {
    String serial = done.serial().toString(HEX);
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(
          JsonMappers.WIRE.writeValueAsString(
              new Revoked(
                  done.file().toString(), serial, done.since().toString(), done.list().size())));
      return;
    }
    out.println("Revoked %s since %s, in %s.".formatted(serial, done.since(), done.file()));
    out.println("Copy %s to where cluster.crt is on every node.".formatted(done.file()));
  }
}
