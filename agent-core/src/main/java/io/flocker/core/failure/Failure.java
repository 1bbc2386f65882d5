package io.flocker.core.failure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A class of failure: one constant of one of the enums, each with its public problem type.
 *
 * <p>The problem type is {@code urn:flocker:problem:} and the constant's name in kebab case.
 */
public sealed interface Failure
    permits RequestFailure,
        OwnershipFailure,
        TransferFailure,
        StorageFailure,
        RouteFailure,
        EngineFailure,
        NotifyFailure {
  /** Prefix of every problem type. */
  String TYPE_PREFIX = "urn:flocker:problem:";

  /** The enum constant's name. */
  String name();

  /**
   * What is the same for every failure of one class.
   *
   * @param status the HTTP status that goes with it (RFC 9110)
   * @param side where it comes from
   * @param retry what trying again can do
   * @param title one line for people: what happened
   * @param remedy one line for people: what to do about it
   */
  record Traits(int status, Side side, Retry retry, String title, String remedy) {}

  /** What all failures of this class have in common. */
  Traits traits();

  /** See {@link Traits}. */
  default int status() {
    return traits().status();
  }

  /** See {@link Traits}. */
  default Side side() {
    return traits().side();
  }

  /** See {@link Traits}. */
  default Retry retry() {
    return traits().retry();
  }

  /** See {@link Traits}. */
  default String title() {
    return traits().title();
  }

  /** See {@link Traits}. */
  default String remedy() {
    return traits().remedy();
  }

  /** The RFC 9457 problem type. */
  default String type() {
    return TYPE_PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A failure of this class, with what exactly happened: one sentence that names the thing. */
  default FailureException because(String detail) {
    return new FailureException(this, detail, Map.of(), null);
  }

  /** All failures there are. */
  static List<Failure> all() {
    return Stream.<Failure[]>of(
            RequestFailure.values(),
            OwnershipFailure.values(),
            TransferFailure.values(),
            StorageFailure.values(),
            RouteFailure.values(),
            EngineFailure.values(),
            NotifyFailure.values())
        .flatMap(Stream::of)
        .toList();
  }

  /** The failure whose {@link #type} this is; empty for one of a newer version. */
  static Optional<Failure> ofType(String type) {
    return all().stream().filter(failure -> failure.type().equals(type)).findFirst();
  }
}
