package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code APPLICATIONS.md} shows is read as it says. */
class DocumentedExamplesTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

  @Test
  void areRead() throws IOException, FormatException {
    List<SourceFile> examples =
        EXAMPLE
            .matcher(Files.readString(Path.of("APPLICATIONS.md")))
            .results()
            .map(found -> SourceFile.of("example", found.group(1)))
            .toList();
    ComposeSurroundings alone =
        new ComposeSurroundings(
            Map.of(),
            path -> {
              throw new NoSuchFileException(path);
            });

    assertEquals(6, examples.size());
    Deployment wish = WishReader.read(examples.get(1), examples.get(0));
    assertEquals(1, wish.placed().size());
    assertEquals(2, WishReader.applications(examples.get(2)).size());
    assertEquals(2, WishReader.compose(examples.get(3), alone).size());
    Application held = WishReader.applications(heldAsIn(examples.get(4))).getFirst();
    assertEquals(
        List.of("10.0.0.1", "10.0.0.2"),
        held.volumes().getFirst().replication().orElseThrow().peers());
    List<Application> state = WishReader.applications(examples.get(5));
    assertEquals(
        new String(examples.get(5).bytes(), UTF_8),
        NodeStateWriter.write(state, new TreeSet<>(List.of(22, 3_306))));
  }

  /** An application whose volume has the replication of a fragment. */
  private static SourceFile heldAsIn(SourceFile fragment) {
    String volume =
        """
        version: 1
        applications:
          db:
            image: busybox
            volume:
              mountpoint: /data
        """;
    return SourceFile.of("held", volume + new String(fragment.bytes(), UTF_8).indent(6));
  }
}
