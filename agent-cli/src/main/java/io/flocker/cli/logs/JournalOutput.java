package io.flocker.cli.logs;

import java.io.FilterInputStream;
import java.io.IOException;

/** What a journalctl prints; an end that is no success is a failure to read. One thread. */
final class JournalOutput extends FilterInputStream {
  private final Process journalctl;

  JournalOutput(Process journalctl) {
    super(journalctl.getInputStream());
    this.journalctl = journalctl;
  }

  @Override
  public int read() throws IOException {
    return checked(super.read());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return checked(super.read(bytes, offset, length));
  }

  private int checked(int read) throws IOException {
    if (read < 0) {
      int status = journalctl.onExit().join().exitValue();
      if (status != 0) {
        throw new IOException("journalctl ended with status " + status);
      }
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    journalctl.destroy();
    super.close();
  }
}
