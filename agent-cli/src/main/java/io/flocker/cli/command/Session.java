package io.flocker.cli.command;

import io.flocker.cli.console.IdsInText;
import io.flocker.cli.console.PlainText;
import io.flocker.cli.console.YamlText;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.json.Json;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** What every command shares: which node it asks, who asks, and how the answer looks. */
final class Session {
  private final CommandEnvironment environment;

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description =
          "The node to ask; else $$FLOCKER_URL, else the address in /etc/flocker/flockerd.yml and"
              + " conf.d/*.yml beside it, else "
              + NodeAddress.USUAL)
  private @Nullable URI url;

  @Option(
      names = "--ca",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "Certificate of the cluster's authority; else cluster.crt in $$FLOCKER_CERTIFICATES or"
              + " /etc/flocker")
  private @Nullable Path ca;

  @Option(
      names = "--cert",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Certificate of the caller; else local.crt or user.crt in the same folder")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Its key; else local.key or user.key in the same folder")
  private @Nullable Path key;

  @Option(
      names = "--format",
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      description =
          "How the answer is printed: table, in lines for people, the default; json or yaml, whole")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print what the node answers, as JSON; the same as --format json")
  private boolean json;

  Session(CommandEnvironment environment) {
    this.environment = environment;
  }

  CommandEnvironment environment() {
    return environment;
  }

  OutputFormat format() {
    return json ? OutputFormat.JSON : format;
  }

  /** Whether documents are printed, for programs, and no lines for people. */
  boolean isDocument() {
    return format() != OutputFormat.TABLE;
  }

  /** A client of the node; the caller closes it. */
  FlockerClient connect() throws CredentialsException, ConfigurationException {
    return connect(credentials());
  }

  /** The node of this machine that has these settings, whatever else is named. */
  FlockerClient connect(NodeConfiguration settings) throws CredentialsException {
    return new FlockerClient(NodeAddress.of(settings), credentials().sslContext());
  }

  /** What people call the node's peers; nobody is asked where no lines are printed for them. */
  PeerNames names(FlockerClient node) throws InterruptedException {
    return isDocument() ? PeerNames.of(List.of()) : PeerNames.of(node);
  }

  /**
   * What people call the nodes and volumes that sentences name by ids, as far as the node tells it
   * at once; nobody is asked where no lines are printed for people.
   */
  KnownNames knownNames() {
    if (isDocument()) {
      return KnownNames.NONE;
    }
    try (FlockerClient node = connect()) {
      return KnownNames.of(node);
    } catch (CredentialsException | ConfigurationException _) {
      return KnownNames.NONE;
    }
  }

  /** A problem as people read it, with names as far as they are known. */
  List<String> lines(FailureException problem) {
    List<String> lines = ProblemText.lines(problem, KnownNames.NONE);
    return lines.stream().anyMatch(IdsInText::isIn)
        ? ProblemText.lines(problem, knownNames())
        : lines;
  }

  /** Who asks. */
  Credentials credentials() throws CredentialsException {
    return credentials("local", "user");
  }

  /** Who asks the whole cluster: the certificate of a node's own commands counts on that alone. */
  Credentials clusterCredentials() throws CredentialsException {
    return credentials("user", "local");
  }

  /** A client of the node for who asks the whole cluster; the caller closes it. */
  FlockerClient connect(Credentials credentials) throws ConfigurationException {
    return new FlockerClient(NodeAddress.of(url, environment), credentials.sslContext());
  }

  private Credentials credentials(String usual, String otherwise) throws CredentialsException {
    Path folder =
        environment.variables().containsKey("FLOCKER_CERTIFICATES")
            ? Path.of(environment.variables().get("FLOCKER_CERTIFICATES"))
            : environment.folder();
    String holder = Files.exists(folder.resolve(usual + ".crt")) ? usual : otherwise;
    return Credentials.load(
        ca == null ? folder.resolve("cluster.crt") : ca,
        certificate == null ? folder.resolve(holder + ".crt") : certificate,
        key == null ? folder.resolve(holder + ".key") : key);
  }

  /** Prints an answer: the document, or the lines for people. */
  void print(Object document, Supplier<List<String>> lines) {
    if (isDocument()) {
      environment.out().println(text(document));
    } else {
      lines.get().forEach(this::say);
    }
    environment.out().flush();
  }

  /** Prints a line for people; what others have chosen of it cannot touch the terminal. */
  void say(String line) {
    environment.out().println(PlainText.of(line));
  }

  /** The same on standard error. */
  void complain(String line) {
    environment.err().println(PlainText.of(line));
    environment.err().flush();
  }

  /**
   * Tells people what begins and may take long, on standard error: nothing that a program reads of
   * the answer changes by it, and beside a document nothing is said.
   */
  void tellStep(String step) {
    if (!isDocument()) {
      complain(step);
    }
  }

  /** How to name the same node again on a command line, with a blank before it. */
  String urlOption() {
    return url == null ? "" : " --url " + url;
  }

  /** Tells the way back to an operation that is no longer followed. */
  void tellHowToFollow(UUID operation) {
    complain("Follow it with: flocker operation wait " + operation + urlOption());
  }

  /** A document as it is asked for. */
  String text(Object document) {
    JsonNode tree = Json.tree(document);
    return format() == OutputFormat.YAML
        ? YamlText.of(tree)
        : PlainText.ofJson(tree.toPrettyString());
  }
}
