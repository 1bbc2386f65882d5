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
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * One function of the C library: returns what it returns, or throws with the errno it left. Any
 * thread may call.
 */
final class LibC {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

  private final String name;
  private final MethodHandle handle;

  private LibC(String name, MethodHandle handle) {
    this.name = name;
    this.handle = handle;
  }

  /** Binds a function whose result is below 0 when it fails. */
  static LibC function(String name, ValueLayout result, MemoryLayout... parameters) {
    return bind(name, FunctionDescriptor.of(result, parameters));
  }

  /** Binds a variadic function; {@code fixed} of its parameters stand before the dots. */
  static LibC variadic(String name, int fixed, ValueLayout result, MemoryLayout... parameters) {
    return bind(
        name, FunctionDescriptor.of(result, parameters), Linker.Option.firstVariadicArg(fixed));
  }

  /**
   * Calls it; {@code arguments} are of the exact types of the parameters.
   *
   * @throws NativeException when the result is below 0
   */
  long call(Object... arguments) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = newState(arena);
      Object[] all = Stream.concat(Stream.of(state), Arrays.stream(arguments)).toArray();
      long result = ((Number) handle.invokeWithArguments(all)).longValue();
      if (result < 0) {
        throw new NativeException(name, errno(state));
      }
      return result;
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * The function itself, for who calls it so often that the boxes of {@link #call} would show:
   * takes one of {@link #newState} first, and leaves it to the caller to look at the result.
   */
  MethodHandle handle() {
    return handle;
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
    return (int) ERRNO.get(state, 0L);
  }

  @SuppressWarnings("restricted") // each descriptor stands beside the C prototype that it matches
  private static LibC bind(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    Linker.Option[] all =
        Stream.concat(Stream.of(options), Stream.of(Linker.Option.captureCallState("errno")))
            .toArray(Linker.Option[]::new);
    return new LibC(
        name, linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all));
  }
}
