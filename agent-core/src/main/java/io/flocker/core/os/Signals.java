package io.flocker.core.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Signals that would end this process if nobody heeded them. Any thread may call. */
public final class Signals {
  private Signals() {}

  /**
   * Has {@code heeded} run, on a thread of its own, each time that this process is sent a signal.
   * Does nothing where this process was started to ignore INT or TERM.
   *
   * @param name such as HUP
   * @throws IllegalStateException if this Java has no signals, or was told by -Xrs to leave them
   */
  public static void on(String name, Runnable heeded) {
    // By name: javac warns of sun.misc whatever is said, and the build takes no warning.
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object sent = signal.getConstructor(String.class).newInstance(name);
      MethodHandle run =
          MethodHandles.publicLookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(heeded);
      Object heeder =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      var _ = signal.getMethod("handle", signal, handler).invoke(null, sent, heeder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " cannot be heeded", e);
    }
  }
}
