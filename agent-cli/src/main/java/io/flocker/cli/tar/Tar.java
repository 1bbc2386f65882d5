package io.flocker.cli.tar;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A tar (POSIX.1, ustar) of root's files, written one after the other. One thread. */
public final class Tar implements AutoCloseable {
  private final TarArchiveOutputStream out;

  /** One that goes to {@code out}, which is closed with it. */
  public Tar(OutputStream out) {
    this.out = new TarArchiveOutputStream(out, UTF_8.name());
  }

  /**
   * Adds a file.
   *
   * @param path where it is unpacked, relative
   * @param mode its permissions, such as {@code 0600}
   * @param made when it was changed last
   */
  public void add(String path, int mode, Instant made, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setMode(mode);
    entry.setUserName("root");
    entry.setGroupName("root");
    entry.setModTime(made.toEpochMilli());
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  /**
   * What one holds, by path, in its order; all of it is in memory then.
   *
   * @throws IOException if it cannot be read
   */
  public static Map<String, byte[]> read(Path file) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(file))) {
      for (TarArchiveEntry next = in.getNextEntry(); next != null; next = in.getNextEntry()) {
        files.put(next.getName(), in.readAllBytes());
      }
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
