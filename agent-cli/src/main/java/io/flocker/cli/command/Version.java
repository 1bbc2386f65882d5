package io.flocker.cli.command;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of the programs, from their jar's manifest. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"flocker " + number()};
  }

  /** The version alone. */
  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "(not packaged)");
  }
}
