package io.flocker.core.deploy.format;

import java.io.IOException;
import java.util.Map;

/**
 * What a file of Compose may refer to.
 *
 * @param variables of whoever deploys it, for {@code ${NAME}}
 * @param files what is read beside it, for {@code env_file}
 */
public record ComposeSurroundings(Map<String, String> variables, Files files) {
  /** Reads a file. */
  @FunctionalInterface
  public interface Files {
    /**
     * The content of a file.
     *
     * @param path as the file of Compose has it, relative to that file's folder
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    byte[] read(String path) throws IOException;
  }

  public ComposeSurroundings {
    variables = Map.copyOf(variables);
  }
}
