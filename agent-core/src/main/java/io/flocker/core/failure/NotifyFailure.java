package io.flocker.core.failure;

/** Why whoever is to be told of a change could not be told. */
public enum NotifyFailure implements Failure {
  NOTIFICATION_FAILED(
      502,
      Side.NODE,
      Retry.LATER,
      "A notification was not delivered",
      "See that the program or the server of notify in flockerd.yml takes it; it is tried again.");

  private final Traits traits;

  NotifyFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
