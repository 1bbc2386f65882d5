package io.flocker.core.deploy.engine;

/**
 * A container of flockerd's, as the engine has it.
 *
 * @param id never another's
 * @param name without a slash; somebody may have renamed it
 * @param definition what it was made from, as far as the engine shows it: limits that somebody has
 *     changed since are as they are now
 * @param digest of its application, as its label says
 * @param restartsByItself whether the engine would start it: somebody has changed that, and it
 *     could come to write where another node does
 */
public record Container(
    String id,
    String name,
    ContainerDefinition definition,
    String digest,
    boolean restartsByItself,
    ContainerState state) {
  private static final int SHORT_ID = 12;

  /** The application that it is of. */
  public String application() {
    return definition.application().name();
  }

  /** As the engine's own commands tell of it, such as "flocker--web (1a2b3c4d5e6f)". */
  public String shortName() {
    return shortName(name, id);
  }

  /** The same of one of which only that much is known. */
  public static String shortName(String name, String id) {
    return name + " (" + id.substring(0, Math.min(SHORT_ID, id.length())) + ")";
  }
}
