package io.flocker.cli.ca;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flocker.core.id.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads the node's uuid from the {@code volume.json} that Flocker 0.1 and later keep. */
final class IdentityFile {
  private static final int VERSION = 1;

  record Content(
      @JsonProperty(required = true) NodeId uuid, @JsonProperty(required = true) int version) {
    Content {
      Objects.requireNonNull(uuid, "uuid"); // JSON has null where this code has none.
    }
  }

  private IdentityFile() {}

  static NodeId read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Content content = JsonMapper.shared().readValue(in, Content.class);
      if (content == null || content.version() != VERSION) {
        throw new IOException("another version than " + VERSION);
      }
      return content.uuid();
    } catch (IOException | JacksonException e) {
      throw new IOException(
          file
              + " cannot be read as {\"uuid\": \"...\", \"version\": 1};"
              + " give the node's volume.json, or --uuid",
          e);
    }
  }
}
