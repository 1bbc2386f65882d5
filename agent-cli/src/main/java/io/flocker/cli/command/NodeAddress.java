package io.flocker.cli.command;

import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.id.Address;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Where the node is that a command asks. */
final class NodeAddress {
  private static final String USUAL_HOST = "127.0.0.1";

  /** Where a node listens unless told otherwise. */
  static final String USUAL = "https://" + USUAL_HOST + ":4523";

  private static final String VARIABLE = "FLOCKER_URL";
  private static final Pattern FORM =
      Pattern.compile("(?:(?<scheme>https)://)?(?<authority>[^/]+)/?", Pattern.CASE_INSENSITIVE);

  /** Where HTTPS is served when a URL does not say (RFC 9110, section 4.2.2). */
  private static final String HTTPS_PORT = ":443";

  private NodeAddress() {}

  /**
   * Parses {@code https://host:port}, or {@code host:port} alone.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  static URI parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not https://<host>:<port>, for example " + USUAL);
    }
    String authority = matcher.group("authority");
    boolean isWithPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
    boolean isUrl = matcher.group("scheme") != null;
    return Address.parse(isUrl && !isWithPort ? authority + HTTPS_PORT : authority).url();
  }

  /** The option, else the environment's, else the local node's own, else the usual. */
  static URI of(@Nullable URI option, CommandEnvironment environment)
      throws ConfigurationException {
    if (option != null) {
      return option;
    }
    String variable = environment.variables().get(VARIABLE);
    if (variable != null) {
      return ofVariable(variable);
    }
    Path settings = environment.folder().resolve("flockerd.yml");
    return Files.exists(settings) ? of(NodeConfiguration.read(settings)) : URI.create(USUAL);
  }

  /**
   * Of all addresses of this machine the usual one; as usual while the port is yet to be chosen.
   */
  static URI of(NodeConfiguration settings) {
    Address address = settings.advertise();
    return Optional.of(address.isWildcard() ? new Address(USUAL_HOST, address.port()) : address)
        .filter(Address::isReachable)
        .map(Address::url)
        .orElse(URI.create(USUAL));
  }

  private static URI ofVariable(String text) {
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(VARIABLE + ": " + e.getMessage());
    }
  }
}
