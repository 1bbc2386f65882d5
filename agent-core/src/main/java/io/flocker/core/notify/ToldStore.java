package io.flocker.core.notify;

import io.flocker.core.failure.FailureException;
import java.util.Map;

/** Keeps what was told over restarts. Any thread. */
public interface ToldStore {
  /** All that one target was told. */
  Map<Subject, Told> of(String target) throws FailureException;

  void put(String target, Subject subject, Told told) throws FailureException;

  /** There may be none. */
  void remove(String target, Subject subject) throws FailureException;
}
