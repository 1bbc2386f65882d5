package io.flocker.cli.console;

/** A file or a pipe: nobody watches, and somebody reads to the end. */
public class NoTerminal implements Terminal {
  @Override
  public boolean interactive() {
    return false;
  }

  @Override
  public int columns() {
    return USUAL_COLUMNS;
  }

  @Override
  public void onUnread(Runnable gone) {
    // It never is.
  }
}
