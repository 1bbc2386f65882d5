package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A file that was handed over, by whatever way. */
public final class SourceFile {
  private final String name;
  private final byte[] bytes;

  /**
   * A file.
   *
   * @param name how messages name it
   * @param bytes its content, which the caller leaves alone
   */
  public SourceFile(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** A file of that content; {@code name} is how messages name it. */
  public static SourceFile of(String name, String text) {
    return new SourceFile(name, text.getBytes(UTF_8));
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }
}
