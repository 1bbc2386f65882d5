package io.flocker.cli.command;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.format.ComposeSurroundings;
import io.flocker.core.deploy.format.FormatException;
import io.flocker.core.deploy.format.SourceFile;
import io.flocker.core.deploy.format.WishReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files that say what the cluster shall run. */
final class DeployFiles {
  private DeployFiles() {}

  /** The wish of a deployment file, and of Flocker's or Fig's applications. */
  static Deployment flocker(Path deployment, Path applications)
      throws FormatException, UnreadableException {
    return WishReader.read(source(deployment), source(applications));
  }

  /** The wish that a file of Compose is for one node, and nothing for any other. */
  static Deployment compose(Path file, String node, Map<String, String> variables)
      throws FormatException, UnreadableException {
    Path folder = file.toAbsolutePath().getParent();
    ComposeSurroundings surroundings =
        new ComposeSurroundings(
            variables,
            path -> Files.readAllBytes(folder == null ? Path.of(path) : folder.resolve(path)));
    List<Application> applications = WishReader.compose(source(file), surroundings);
    List<String> names = applications.stream().map(Application::name).toList();
    return new Deployment(applications, List.of(NodeWish.of(node, names)));
  }

  private static SourceFile source(Path file) throws UnreadableException {
    try {
      return new SourceFile(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UnreadableException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UnreadableException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** A file that cannot be read at all. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
