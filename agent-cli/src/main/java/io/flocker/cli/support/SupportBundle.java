package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.tar.Tar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * An archive that grows by one file after the other. What cannot be had is said in the file {@value
 * #MISSING}, and keeps nothing else from being collected. One thread.
 */
public final class SupportBundle {
  private static final String MISSING = "missing.txt";
  private static final int FOR_OWNER = 0600;

  /** RFC 3986, sections 3.2.1 and 3.4: with a user, or a query, which may be a signature. */
  private static final Pattern ADDRESS = Pattern.compile("(https?://)(?=\\S*[@?])\\S+");

  private final String folder;
  private final Instant made;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final StringBuilder missing = new StringBuilder();

  /** Where something is had from. */
  public interface Source {
    /**
     * All of it.
     *
     * @throws Exception why it cannot be had
     */
    byte[] read() throws Exception;
  }

  /**
   * An empty one.
   *
   * @param folder that all files are in, once they are unpacked
   */
  public SupportBundle(String folder, Instant made) {
    this.folder = folder;
    this.made = made;
  }

  /** A text without addresses that tell more than a place, as {@code keylocation} may. */
  public static String withoutCredentials(String text) {
    return ADDRESS.matcher(text).replaceAll("$1(left out)");
  }

  /** Adds a file, or why there is none. */
  public void add(String name, Source source) throws InterruptedException {
    try {
      files.put(name, source.read());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      missing.append(name).append(": ").append(e.getMessage()).append('\n');
    }
  }

  /** The same of a text. */
  public void addText(String name, String text) {
    files.put(name, text.getBytes(UTF_8));
  }

  /** Why files are missing, a line each. */
  public String missing() {
    return missing.toString();
  }

  /** A compressed tar of all. */
  public byte[] archive() throws IOException {
    if (!missing.isEmpty()) {
      addText(MISSING, missing());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Tar tar = new Tar(new GZIPOutputStream(bytes))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        tar.add(folder + "/" + file.getKey(), FOR_OWNER, made, file.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
