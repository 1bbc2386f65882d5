package io.flocker.core.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Who this node is: the uuid of {@code volume.json}. A file that exists, of this flockerd or of
 * Flocker's 2014, is never changed.
 *
 * @param node the node's uuid
 * @param file where it stands
 */
public record NodeIdentity(NodeId node, Path file) {
  private static final int VERSION = 1;
  private static final int MAX_BYTES = 4_096;

  /**
   * Reads {@code file}; writes it first if there is none, as one that was lost with its disk.
   *
   * @param certified whom the node's certificate names
   * @throws IOException naming the file, the reason and the cure
   */
  public static NodeIdentity load(Path file, NodeId certified) throws IOException {
    Path absolute = file.toAbsolutePath();
    if (!Files.exists(absolute)) {
      create(absolute, certified);
    }
    return new NodeIdentity(read(absolute), absolute);
  }

  /**
   * Reads {@code file}, which has to be there.
   *
   * @throws IOException naming the file, the reason and the cure
   */
  public static NodeIdentity existing(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    return new NodeIdentity(read(absolute), absolute);
  }

  /** What the file of a node says. */
  public static String text(NodeId node) {
    return "{\"uuid\": \"" + node + "\", \"version\": " + VERSION + "}\n";
  }

  private static void create(Path file, NodeId node) throws IOException {
    try {
      // Beside certificates and settings: for everybody.
      DurableFile.createPassableFolder(folder(file));
      DurableFile.create(file, text(node).getBytes(UTF_8));
    } catch (FileAlreadyExistsException _) {
      return; // Another process was first, and that one counts; it is read next.
    } catch (IOException e) {
      throw new IOException(
          "cannot create this node's identity "
              + file
              + ": "
              + DurableFile.reason(e)
              + "; run as root, or name another file in flockerd.yml (identity)",
          e);
    }
  }

  private static Path folder(Path file) {
    return file.resolveSibling("").toAbsolutePath();
  }

  private static NodeId read(Path file) throws IOException {
    JsonNode json;
    try (InputStream in = Files.newInputStream(file)) {
      json = JsonMappers.FILE.readTree(in.readNBytes(MAX_BYTES));
    } catch (JacksonException e) {
      throw unusable(file, "not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unusable(file, DurableFile.reason(e), e);
    }
    if (json.path("version").asInt(0) != VERSION) {
      String version = json.path("version").asString("missing");
      throw unusable(file, "its version is " + version + " instead of 1", null);
    }
    try {
      return NodeId.parse(json.path("uuid").asString(""));
    } catch (IllegalArgumentException e) {
      throw unusable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static IOException unusable(Path file, String reason, @Nullable Exception cause) {
    return new IOException(
        "cannot read this node's identity "
            + file
            + ": "
            + reason
            + "; restore the file from a backup: a new uuid would make this node a stranger to"
            + " its own volumes",
        cause);
  }
}
