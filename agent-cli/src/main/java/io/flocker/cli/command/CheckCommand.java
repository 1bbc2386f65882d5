package io.flocker.cli.command;

import static java.util.stream.Collectors.joining;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.CopyWords;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.http.client.FlockerClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code flocker check}, for Nagios and its like: one line, and an exit code of theirs.
 *
 * @see <a href="https://nagios-plugins.org/doc/guidelines.html">their guidelines</a>
 */
@Command(
    name = CheckCommand.NAME,
    scope = ScopeType.LOCAL,
    description = {
      "Tells whether the copies that the node brings up to date are, for Nagios and its like.",
      "Critical is a copy that is further behind than it may, that somebody has to see to, or whose"
          + " files were found not to be its owner's;"
          + " a warning is one that has not arrived yet, has failed last or has stalled."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all copies are as they should be",
      "1:a copy is on its way to be a worry",
      "2:a copy is one",
      "3:nobody knows: the node cannot be asked, or the command line is wrong"
    })
final class CheckCommand implements Callable<Integer> {
  static final String NAME = "check";

  /** How bad it is; the worse the later. */
  private enum Verdict {
    OK(0),
    WARNING(1),
    CRITICAL(2),
    UNKNOWN(3);

    private final int exitCode;

    Verdict(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  static final int UNKNOWN = Verdict.UNKNOWN.exitCode;

  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(s|m|h|d)?");

  private final Session session;

  @Option(
      names = "--max-lag",
      paramLabel = "TIME",
      description = "How far behind copies may be, such as 60s, 5m or 1h; else as policies say")
  private @Nullable String maxLag;

  CheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try {
      Optional<Double> most = Optional.ofNullable(maxLag).map(CheckCommand::seconds);
      try (FlockerClient node = session.connect()) {
        return tell(node.copies(), most, node);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return tell(Verdict.UNKNOWN, "interrupted");
    } catch (Exception e) {
      return tell(
          Verdict.UNKNOWN,
          String.valueOf(e.getMessage()).lines().map(String::strip).collect(joining(" ")));
    }
  }

  private int tell(List<CopyStatus> copies, Optional<Double> most, FlockerClient node)
      throws InterruptedException {
    Optional<CopyStatus> worst =
        copies.stream()
            .max(
                Comparator.<CopyStatus>comparingInt(copy -> verdict(copy, most).exitCode)
                    .thenComparingDouble(CopyStatus::lagSeconds));
    if (worst.isEmpty()) {
      return tell(Verdict.OK, "no volume of the node is to be replicated");
    }
    Verdict verdict = verdict(worst.get(), most);
    long bad = copies.stream().filter(copy -> verdict(copy, most) != Verdict.OK).count();
    double lag = copies.stream().mapToDouble(CopyStatus::lagSeconds).max().orElseThrow();
    String words =
        bad == 0
            ? "%d copies, %s behind at most".formatted(copies.size(), Amounts.seconds(lag))
            : "%d of %d copies; %s at node %s is %s, %s behind, and waits for %s"
                .formatted(
                    bad,
                    copies.size(),
                    worst.get().name(),
                    PeerNames.of(node).brief(worst.get().peer()),
                    worst.get().state(),
                    CopyWords.behind(worst.get()),
                    CopyWords.why(worst.get()));
    return tell(
        verdict,
        words
            + String.format(
                Locale.ROOT,
                " | lag=%.3fs;;%.3f;0 copies=%d;;;0 bad=%d;;;0",
                lag,
                most.orElse(worst.get().maxLagSeconds()),
                copies.size(),
                bad));
  }

  private int tell(Verdict verdict, String words) {
    session.say("FLOCKER " + verdict + " - " + words);
    session.environment().out().flush();
    return verdict.exitCode;
  }

  private static Verdict verdict(CopyStatus copy, Optional<Double> most) {
    if (copy.hasDrifted() || copy.lagSeconds() > most.orElse(copy.maxLagSeconds())) {
      return Verdict.CRITICAL;
    }
    return switch (copy.state()) {
      case HINDERED, DRIFTED -> Verdict.CRITICAL;
      case NEW, FAILED, STALLED -> Verdict.WARNING;
      case CURRENT, BEHIND -> Verdict.OK; // By a larger lag than the policy's, too.
    };
  }

  private static double seconds(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("--max-lag is such as 60s, 5m or 1h, not '" + text + "'");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration time =
        switch (Optional.ofNullable(matcher.group(2)).orElse("s")) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        };
    return time.toSeconds();
  }
}
