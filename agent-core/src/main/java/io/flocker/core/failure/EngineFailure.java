package io.flocker.core.failure;

/** What the container engine refused, or why it could not be asked. */
public enum EngineFailure implements Failure {
  ENGINE_UNAVAILABLE(
      503,
      Side.NODE,
      Retry.LATER,
      "The container engine is not there",
      "Start it on that node, or correct the place of its socket; flockerd finds it again by"
          + " itself."),
  ENGINE_SILENT(
      503,
      Side.NODE,
      Retry.LATER,
      "The container engine did not answer in time",
      "Look at the engine on that node: its log, its disk, processes in state D."),
  ENGINE_UNSUPPORTED(
      500,
      Side.NODE,
      Retry.NEVER,
      "The container engine speaks another API",
      "Upgrade the engine, or flockerd: the detail says which versions each of them speaks."),
  ENGINE_FAILED(
      500,
      Side.NODE,
      Retry.NEVER,
      "The container engine refused",
      "The detail holds the engine's own words."),
  ENGINE_OUTPUT_UNREADABLE(
      500,
      Side.NODE,
      Retry.NEVER,
      "The container engine answered something that cannot be read",
      "Report the engine's version and the detail."),
  CONTAINER_NOT_FOUND(
      404, Side.NODE, Retry.RE_PLAN, "There is no such container", "Ask again what is there."),
  CONTAINER_EXISTS(
      409,
      Side.NODE,
      Retry.RE_PLAN,
      "The application has a container already",
      "Ask again what is there."),
  CONTAINER_NAME_TAKEN(
      409,
      Side.NODE,
      Retry.LATER,
      "A container that is not flockerd's has the name",
      "Rename or remove that container: flockerd touches none that does not bear its labels."),
  PORT_TAKEN(
      409,
      Side.NODE,
      Retry.LATER,
      "A port of the node is in use",
      "Stop what listens there (ss -lntup tells), or give the application another external"
          + " port."),
  IMAGE_NOT_FOUND(
      404,
      Side.NODE,
      Retry.LATER,
      "The container engine does not have the image",
      "Load it into the engine, or let it be pulled."),
  IMAGE_NOT_PULLED(
      502,
      Side.NODE,
      Retry.LATER,
      "The image could not be fetched",
      "Check the image's name, and the way from that node to its registry."),
  APPLICATION_ENDS(
      500,
      Side.NODE,
      Retry.LATER,
      "The application ends again and again",
      "Look at what it said last, which the detail holds; it is started again, ever later."),
  MOUNT_UNSEEN(
      409,
      Side.NODE,
      Retry.LATER,
      "The container engine does not see what is mounted",
      "On that node make the folder of the volumes a shared mount, before the engine starts: mount"
          + " --bind ROOT ROOT && mount --make-shared ROOT, then restart the engine. An engine"
          + " that runs in a container needs that folder with :rslave.");

  private final Traits traits;

  EngineFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
