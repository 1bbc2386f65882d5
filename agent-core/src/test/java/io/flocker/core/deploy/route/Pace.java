package io.flocker.core.deploy.route;

/**
 * Keeps traffic and changes side by side: whoever moves bytes does a little for every step. Any
 * thread.
 */
final class Pace {
  private long steps;
  private boolean isOver;

  /** One step more. */
  synchronized void step() {
    steps++;
    notifyAll();
  }

  /** No step follows; those that were made are still taken. */
  synchronized void end() {
    isOver = true;
    notifyAll();
  }

  /**
   * Waits for a step that was not taken yet.
   *
   * @param done how many were
   * @return whether there is one; else all are taken
   */
  synchronized boolean awaitNext(long done) throws InterruptedException {
    while (steps <= done && !isOver) {
      wait();
    }
    return steps > done;
  }
}
