package io.flocker.core.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Optional;

/**
 * One function of the C library: returns what it returns, or throws with the errno it left. Any
 * thread may call.
 */
final class LibC {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURED = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));

  /**
   * Calls every function of six whole numbers and pointers, and of fewer: on x86-64 and aarch64
   * each has a register, and a function reads those that it knows of. A shape for each would have
   * the JDK make ten classes for each at every start.
   */
  private static final MethodHandle CALL = call();

  private static final int MOST = 6;

  private final String name;
  private final MemorySegment symbol;
  private final FunctionDescriptor descriptor;
  private final Linker.Option[] options;

  private LibC(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    this.name = name;
    this.symbol = LINKER.defaultLookup().findOrThrow(name);
    this.descriptor = descriptor;
    this.options = options;
  }

  /** Binds a function of at most six parameters whose result is below 0 when it fails. */
  static LibC function(String name, ValueLayout result, MemoryLayout... parameters) {
    return new LibC(name, FunctionDescriptor.of(result, parameters), CAPTURED);
  }

  /** Binds a variadic function; {@code fixed} of its parameters stand before the dots. */
  static LibC variadic(String name, int fixed, ValueLayout result, MemoryLayout... parameters) {
    return new LibC(
        name,
        FunctionDescriptor.of(result, parameters),
        Linker.Option.firstVariadicArg(fixed),
        CAPTURED);
  }

  /**
   * Calls it.
   *
   * @param arguments as many as it has parameters: whole numbers, and memory off the heap
   * @throws NativeException when the result is below 0
   */
  long call(Object... arguments) throws NativeException {
    if (arguments.length != descriptor.argumentLayouts().size()) {
      throw new IllegalArgumentException(name + " has not " + arguments.length + " parameters");
    }
    long[] words = new long[MOST];
    for (int i = 0; i < arguments.length; i++) {
      words[i] = word(arguments[i]);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = newState(arena);
      long word =
          (long)
              CALL.invokeExact(
                  symbol, state, words[0], words[1], words[2], words[3], words[4], words[5]);
      long result = descriptor.returnLayout().equals(Optional.of(INT)) ? (int) word : word;
      if (result < 0) {
        throw new NativeException(name, errno(state));
      }
      return result;
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    } finally {
      Reference.reachabilityFence(arguments);
    }
  }

  private static long word(Object argument) {
    return argument instanceof MemorySegment memory
        ? memory.address()
        : ((Number) argument).longValue();
  }

  /**
   * The function itself, for who calls it so often that the boxes of {@link #call} would show:
   * takes one of {@link #newState} first, and leaves it to the caller to look at the result.
   */
  @SuppressWarnings("restricted") // each descriptor stands beside the C prototype that it matches
  MethodHandle handle() {
    return LINKER.downcallHandle(symbol, descriptor, options);
  }

  /** What to throw where {@link #handle} has thrown: a function of C throws nothing itself. */
  static Error unexpected(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> e;
      default -> new AssertionError(thrown);
    };
  }

  /** Room for the errno of one call at a time. */
  static MemorySegment newState(Arena arena) {
    return arena.allocate(STATE);
  }

  /** The errno that the last call with {@code state} left, if it failed. */
  static int errno(MemorySegment state) {
    return state.get(INT, ERRNO);
  }

  @SuppressWarnings("restricted") // no result and no parameter is wider than a word
  private static MethodHandle call() {
    return LINKER.downcallHandle(
        FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG), CAPTURED);
  }
}
