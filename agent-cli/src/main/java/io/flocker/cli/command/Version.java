package io.flocker.cli.command;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of the program, from its jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"flocker " + Objects.requireNonNullElse(version, "(not packaged)")};
  }
}
