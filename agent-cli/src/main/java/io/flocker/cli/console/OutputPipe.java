package io.flocker.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/** A stream whose failure ends the program: what it would print from then on reaches nobody. */
public final class OutputPipe extends FilterOutputStream {
  private final Consumer<IOException> end;

  /**
   * Writes to {@code out}.
   *
   * @param end ends the program
   */
  public OutputPipe(OutputStream out, Consumer<IOException> end) {
    super(out);
    this.end = end;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      end.accept(e);
      throw e;
    }
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      end.accept(e);
      throw e;
    }
  }
}
