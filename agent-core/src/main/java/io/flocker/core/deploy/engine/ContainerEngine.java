package io.flocker.core.deploy.engine;

import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.failure.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What runs containers on this node. Only those that flockerd has made are told of, and no other is
 * ever changed. Every method blocks, until a deadline or for as long as the engine gives signs of
 * life; any thread may call, but for event loops.
 *
 * <p>Each throws {@code ENGINE_UNAVAILABLE} while the engine is away, {@code ENGINE_SILENT} where
 * it does not answer in time, {@code ENGINE_FAILED} with its own words where it refuses.
 */
public interface ContainerEngine extends AutoCloseable {
  /** Which engine it is. */
  EngineDescription describe() throws FailureException;

  /**
   * When the engine began that answers now: of a container that ended earlier it does not know
   * whether that ended by itself or was ended by the engine before. Empty where it does not tell.
   */
  Optional<Instant> begun() throws FailureException;

  /**
   * All containers of flockerd's. What the engine does not tell of one of them keeps nobody from
   * knowing the others.
   */
  Containers containers() throws FailureException;

  /**
   * Those of one application, as a rule one or none.
   *
   * @throws FailureException also where one of them is unknown
   */
  List<Container> containersOf(String application) throws FailureException;

  /** One of them by its id; empty if it is gone. */
  Optional<Container> container(String id) throws FailureException;

  /**
   * Makes a container, and does not start it.
   *
   * @return its id
   * @throws FailureException {@code IMAGE_NOT_FOUND}; {@code CONTAINER_EXISTS} if the application
   *     has one, {@code CONTAINER_NAME_TAKEN} if somebody else has the name; {@code MOUNT_UNSEEN}
   *     if one of its folders is not there for the engine
   */
  String create(ContainerDefinition definition) throws FailureException;

  /**
   * Starts a container, if it does not run.
   *
   * @throws FailureException {@code PORT_TAKEN}; {@code MOUNT_UNSEEN} if the engine sees something
   *     else in one of its folders than is mounted there; {@code CONTAINER_NOT_FOUND}
   */
  void start(Container container) throws FailureException;

  /**
   * Has a container end, and waits for that; does nothing if it has ended or is gone.
   *
   * @param timeout how long it may take before it is killed; empty for the image's or the engine's
   *     own
   */
  void stop(Container container, Optional<Duration> timeout) throws FailureException;

  /** Removes a container that has ended; does nothing if it is gone. */
  void remove(Container container) throws FailureException;

  /**
   * Sees to it that the engine has an image.
   *
   * @throws FailureException {@code IMAGE_NOT_FOUND} if it does not and may not fetch it, {@code
   *     IMAGE_NOT_PULLED} if it cannot
   */
  void provide(Image image, PullPolicy policy, PullProgress progress) throws FailureException;

  /** The last lines that a container wrote, to either stream; at most 16 KiB. */
  String tail(Container container, int lines) throws FailureException;

  /**
   * Tells what happens to flockerd's containers, until it is closed; also where the engine is away
   * meanwhile.
   */
  EngineWatch watch(EngineListener listener);

  @Override
  void close();
}
