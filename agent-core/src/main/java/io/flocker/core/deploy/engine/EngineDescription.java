package io.flocker.core.deploy.engine;

/**
 * Which engine it is.
 *
 * @param name such as "Engine" or "Podman Engine", as it calls itself
 * @param version its own
 * @param apiVersion of the API that is spoken with it
 * @param place where it is reached, such as "unix:///var/run/docker.sock"
 */
public record EngineDescription(String name, String version, String apiVersion, String place) {
  /** Such as "Engine 20.10.24 (API 1.41) at unix:///var/run/docker.sock". */
  @Override
  public String toString() {
    return name + " " + version + " (API " + apiVersion + ") at " + place;
  }
}
