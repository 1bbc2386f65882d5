package io.flocker.core.os;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Signals that would end this process if nobody heeded them. Any thread may call. */
public final class Signals {
  private Signals() {}

  /**
   * Has {@code heeded} run, on a thread of its own, each time that this process is sent HUP.
   *
   * @throws IllegalStateException if this Java has no signals, or was told by -Xrs to leave them
   */
  public static void onHangup(Runnable heeded) {
    // By name: javac warns of sun.misc whatever is said, and the build takes no warning.
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangup = signal.getConstructor(String.class).newInstance("HUP");
      Object heeder =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> heed(self, method, arguments, heeded));
      var _ = signal.getMethod("handle", signal, handler).invoke(null, hangup, heeder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("HUP cannot be heeded", e);
    }
  }

  @SuppressWarnings("ReferenceEquality") // equals(self) would come here again.
  private static @Nullable Object heed(
      Object self, Method method, @Nullable Object @Nullable [] arguments, Runnable heeded) {
    return switch (method.getName()) {
      case "handle" -> {
        heeded.run();
        yield null;
      }
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "heeds HUP";
    };
  }
}
