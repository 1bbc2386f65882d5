package io.flocker.core.volume;

import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts the calls of ports, and fails at one of them. One thread only. */
final class Faults {
  /** Those of {@link VolumeRegister}. */
  private static final Set<String> WRITES = Set.of("describe", "bury", "exhume");

  /** How a call fails. */
  enum Kind {
    /** It says why it did nothing. */
    REFUSED,
    /** It did nothing, since somebody made a mistake. */
    BROKEN,
    /** It did what it was told, and its answer was lost. */
    LOST,
    /** The pool is away, and stays away: it and all that follow do nothing. */
    AWAY
  }

  private boolean isFull;
  private int calls;
  private int failing;
  private Kind kind = Kind.REFUSED;

  /** The port, its calls counted from now on. */
  <T> T before(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              if (isFull && WRITES.contains(method.getName())) {
                throw RequestFailure.INTERNAL_ERROR.because("no space left on device");
              }
              calls++;
              boolean isFailing =
                  calls == failing || kind == Kind.AWAY && failing > 0 && calls > failing;
              if (isFailing && kind != Kind.LOST) {
                throw failure();
              }
              Object answer = invoke(real, method, arguments);
              if (isFailing) {
                throw failure();
              }
              return answer;
            }));
  }

  /** Fails at the call of that number, counted from now on, and only there. */
  void failAt(int call, Kind how) {
    calls = 0;
    failing = call;
    kind = how;
  }

  /** Has every write of the register fail from now on, as on a full disk. */
  void fill() {
    isFull = true;
  }

  /** Whether there were so many calls that one has failed. */
  boolean hasFailed() {
    return failing > 0 && calls >= failing;
  }

  private Exception failure() {
    return switch (kind) {
      case REFUSED -> StorageFailure.ZFS_FAILED.because("call " + calls + " is refused");
      case BROKEN -> new IllegalStateException("call " + calls + " is broken");
      case AWAY -> StorageFailure.POOL_UNAVAILABLE.because("the pool is away");
      case LOST -> StorageFailure.ZFS_TIMEOUT.because("the answer to call " + calls + " is lost");
    };
  }

  private static @Nullable Object invoke(
      Object real, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }
}
