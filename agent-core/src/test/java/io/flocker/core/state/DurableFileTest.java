package io.flocker.core.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir private Path folder;

  @Test
  void isForItsOwnerAloneWhateverWasThereBefore() throws Exception {
    Path file = folder.resolve("peers.json");
    for (Path before : List.of(file, folder.resolve("peers.json.new"))) {
      Files.writeString(before, "what a killed daemon left, and more of it");
      var _ = Files.setPosixFilePermissions(before, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    DurableFile.replace(file, "new".getBytes(UTF_8));

    assertEquals("new", Files.readString(file));
    assertEquals("rw-------", mode(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void aFolderIsForItsOwnerAloneOrForEverybodyToPassThrough() throws Exception {
    DurableFile.createFolder(folder.resolve("lib/state"));
    DurableFile.createPassableFolder(folder.resolve("etc/settings"));

    for (String folders : List.of("lib", "lib/state")) {
      assertEquals("rwx------", mode(folder.resolve(folders)), folders);
    }
    for (String folders : List.of("etc", "etc/settings")) {
      assertEquals("rwxr-xr-x", mode(folder.resolve(folders)), folders);
    }
  }

  @Test
  void whatIsCreatedReplacesNothing() throws Exception {
    Path file = folder.resolve("volume.json");
    DurableFile.create(file, "first".getBytes(UTF_8));

    assertThrows(
        FileAlreadyExistsException.class, () -> DurableFile.create(file, "second".getBytes(UTF_8)));

    assertEquals("first", Files.readString(file));
    assertEquals("rw-------", mode(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void whatCannotBeWrittenLeavesWhatWasThere() throws Exception {
    Path file = Files.createDirectory(folder.resolve("in the way"));
    Path inside = Files.createFile(file.resolve("child"));

    assertThrows(IOException.class, () -> DurableFile.replace(file, "new".getBytes(UTF_8)));

    assertEquals(List.of(file, inside), files());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> !file.equals(folder)).sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
