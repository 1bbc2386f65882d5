package io.flocker.cli.command;

import io.flocker.cli.deploy.ClusterNode;
import io.flocker.cli.deploy.Following;
import io.flocker.cli.deploy.NodeNames;
import io.flocker.cli.deploy.StandstillLimits;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.format.FormatException;
import io.flocker.core.deploy.format.SourceFile;
import io.flocker.core.deploy.format.WishReader;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code flocker-changestate} of 2014: has this node do its part of what four texts say, and waits
 * for its end. Its arguments, messages and exit codes are those of Flocker 0.3.2, but for one: what
 * fails later ends it with 1, too.
 */
public final class ChangeStateCommand {
  private static final String PROGRAM = "flocker-changestate";
  private static final int TEXTS = 4;
  private static final int WRONG = 1;
  private static final String USAGE =
      """
      Usage: flocker-changestate [options] <deployment configuration> \
      <application configuration> <current configuration> <hostname>
      Options:
            --config=      Accepted; flockerd knows who it is.
            --pool=        Accepted; flockerd knows its pool.
            --mountpoint=  Accepted; flockerd knows where it mounts.
        -v, --verbose      Accepted.
            --version      Print the program's version and exit.
            --help         Display this help and exit.

      Has this node run what the deployment says of <hostname>, and waits until it does. The
      configurations are the YAML itself, not the names of files.
      """;

  private final CommandEnvironment environment;
  private final Session session;
  private final StandstillLimits patience;

  /** The program in {@code environment}. */
  public ChangeStateCommand(CommandEnvironment environment) {
    this(environment, StandstillLimits.ofOne(Duration.ofSeconds(20), Duration.ofMinutes(5)));
  }

  /**
   * The program in {@code environment}.
   *
   * @param patience how long nothing may move before it is given up
   */
  ChangeStateCommand(CommandEnvironment environment, StandstillLimits patience) {
    this.environment = environment;
    this.patience = patience;
    this.session = new Session(environment);
  }

  /** Runs it; returns its exit code. */
  public int run(String... arguments) {
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    try {
      if (hasAnswered(left)) {
        return ExitCode.DONE;
      }
      if (left.size() != TEXTS) {
        throw new UsageException("Wrong number of arguments.");
      }
      Texts texts = new Texts(left.remove(), left.remove(), left.remove(), left.remove());
      return bringAbout(texts.check(), texts.hostname());
    } catch (UsageException e) {
      USAGE.lines().forEach(session::complain);
      complain("ERROR: " + e.getMessage());
    } catch (FormatException e) {
      complain(PROGRAM + ": " + e.getMessage());
    } catch (FailureException e) {
      complain(PROGRAM + ": " + String.join("\n", ProblemText.lines(e, KnownNames.NONE)));
    } catch (IOException
        | CredentialsException
        | ConfigurationException
        | TypeConversionException e) {
      complain(PROGRAM + ": " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return WRONG;
  }

  /**
   * The four texts.
   *
   * @param current what the nodes reported; checked, and no more: each node knows better
   */
  private record Texts(String deployment, String applications, String current, String hostname) {
    /** In the order in which Flocker did. */
    Deployment check() throws UsageException, FormatException {
      SourceFile wished = SourceFile.of("deployment", deployment);
      SourceFile defined = SourceFile.of("application", applications);
      SourceFile known = SourceFile.of("current", current);
      requireYaml("Deployment", wished);
      requireYaml("Application", defined);
      requireYaml("Current", known);
      if (!hostname.chars().allMatch(unit -> unit < 0x80)) {
        throw new UsageException("Non-ASCII hostname: " + hostname);
      }
      try {
        Deployment wish = WishReader.read(wished, defined);
        var _ = WishReader.clusterState(known);
        return wish;
      } catch (FormatException e) {
        if (e.problems().stream().allMatch(problem -> problem.file().equals("current"))) {
          throw e; // Nobody writes it by hand: no help with the command line would help.
        }
        throw new UsageException("Configuration Error: " + e.getMessage());
      }
    }

    private static void requireYaml(String what, SourceFile file) throws UsageException {
      try {
        WishReader.requireYaml(file);
      } catch (FormatException e) {
        throw new UsageException(
            what + " config could not be parsed as YAML:\n\n" + e.getMessage());
      }
    }
  }

  /** Takes the options away; whether one of them was all that was asked. */
  private boolean hasAnswered(Deque<String> left) throws UsageException {
    while (!left.isEmpty() && left.peek().startsWith("-") && left.peek().length() > 1) {
      String option = left.remove();
      switch (option) {
        case "--" -> {
          return false;
        }
        case "--version" -> {
          session.say(Version.number());
          environment.out().flush();
          return true;
        }
        case "--help" -> {
          USAGE.lines().forEach(session::say);
          environment.out().flush();
          return true;
        }
        case "--config", "--pool", "--mountpoint" -> {
          if (left.isEmpty()) {
            throw new UsageException("option " + option + " requires argument");
          }
          String _ = left.remove();
        }
        default -> {
          if (!option.matches("--verbose|-v+|(?s)--(config|pool|mountpoint)=.+")) {
            throw new UsageException("option " + option + " not recognized");
          }
        }
      }
    }
    return false;
  }

  private int bringAbout(Deployment wish, String hostname)
      throws FailureException,
          IOException,
          InterruptedException,
          CredentialsException,
          ConfigurationException {
    try (FlockerClient node = session.connect()) {
      NodeDocument self = node.node();
      Deployment resolved = names(self, node.peers(), hostname).resolve(wish).wish();
      // Another generation even of the same wish: what has ended is started once more.
      long generation = node.configuration().generation() + 1;
      var _ = node.putConfiguration(generation, resolved);
      ClusterNode here =
          new ClusterNode(self.node(), hostname, List.of(address(self)), List.of(node));
      Following.Ended ended =
          new Following(generation, List.of(here), patience, _ -> {}, InstantSource.system())
              .follow();
      if (ended.end() == Following.End.AS_WISHED) {
        return ExitCode.DONE;
      }
      ended.last().troubles().forEach(trouble -> complain(PROGRAM + ": " + trouble));
      return WRONG;
    }
  }

  /**
   * The node that is asked by the hostname of the command line, whatever it calls itself; its peers
   * by their names.
   */
  private static NodeNames names(NodeDocument self, List<Peer> peers, String hostname) {
    Address own = address(self);
    List<Address> here = Stream.concat(addresses(hostname, own.port()), Stream.of(own)).toList();
    Stream<ClusterNode> others =
        peers.stream()
            .map(peer ->
                new ClusterNode(
                    peer.node(),
                    peer.name()
                        .map(PeerName::text)
                        .orElseGet(() -> peer.addresses().getFirst().host()),
                    peer.addresses(),
                    List.of()));
    ClusterNode asked = new ClusterNode(self.node(), hostname, here, List.of());
    return new NodeNames(Stream.concat(Stream.of(asked), others).toList());
  }

  private static Stream<Address> addresses(String host, int port) {
    try {
      return Stream.of(new Address(host, port));
    } catch (IllegalArgumentException _) {
      return Stream.of(); // No deployment can name it, so nothing runs here.
    }
  }

  private static Address address(NodeDocument self) {
    return Address.parse(self.url().getAuthority());
  }

  private void complain(String text) {
    text.lines().forEach(session::complain);
  }

  /** The command line is wrong. */
  private static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }
}
