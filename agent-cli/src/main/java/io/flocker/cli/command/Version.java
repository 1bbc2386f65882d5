package io.flocker.cli.command;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The version of the programs, from their jar's manifest. */
public final class Version implements IVersionProvider {
  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public String[] getVersion() {
    return new String[] {command.root().name() + " " + number()};
  }

  /** The version alone. */
  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "(not packaged)");
  }
}
