package io.flocker.cli.command;

import io.flocker.core.process.Programs;
import java.nio.file.Path;

/**
 * The program {@code flocker-ca}, which has what this one lacks to issue certificates.
 *
 * @param program where it is
 */
record CaProgram(Path program) {
  /** Where {@code flocker init} makes the authority: a folder of root's alone. */
  static final Path AUTHORITY = Path.of("/etc/flocker-ca");

  private static final String NAME = "flocker-ca";

  /** The one beside this program, whose launcher says where that is; else that of the PATH. */
  static CaProgram beside() {
    String home = System.getProperty("flocker.home");
    return new CaProgram(
        home == null ? Programs.find(NAME) : Path.of(home).resolve("bin").resolve(NAME));
  }
}
