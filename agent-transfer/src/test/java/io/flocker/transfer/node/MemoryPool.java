package io.flocker.transfer.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamInspector;
import io.flocker.core.transfer.TransferPlan;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A pool in memory that can send and receive, and fail where a test wants it to. A stream is lines
 * of text: a name and guid for each snapshot, then {@code END}.
 */
public final class MemoryPool {
  /** Longer than what a receiver holds back. */
  private static final int PADDING_BYTES = 20_000;

  /** What happens just before a command of the pool, or instead of it. */
  @FunctionalInterface
  public interface Fault {
    /**
     * A command is about to run.
     *
     * @param arguments as {@link Storage} has them
     */
    void before(String method, Object[] arguments) throws FailureException;
  }

  /** What the datasets are. */
  public final FakeStorage fake;

  /** The pool as flockerd sees it. */
  public final Storage storage;

  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private volatile @Nullable String instead;
  private volatile String swallowed = "";
  private volatile boolean isBroken;

  MemoryPool(long firstGuid) {
    this.fake = new FakeStorage(firstGuid);
    this.storage =
        (Storage)
            Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (_, method, arguments) ->
                    answer(method, arguments == null ? new Object[0] : arguments));
  }

  /** Breaks the pool from now on. */
  public void breaks(Fault fault) {
    faults.add(fault);
  }

  /** Breaks one command, each time. */
  public void breaks(String command, FailureException failure) {
    breaks((method, _) -> {
      if (method.equals(command)) {
        throw failure;
      }
    });
  }

  /** Whatever comes, this snapshot is what is there afterwards. */
  public void receivesInstead(String snapshot, Guid guid) {
    instead = snapshot + " " + guid;
  }

  /** Every receiving child fails from now on. */
  public void breaksReceives() {
    isBroken = true;
  }

  /** From now on the command does nothing, and says that it did. */
  public void swallow(String command) {
    swallowed = command;
  }

  /** Nothing is broken any more. */
  public void heal() {
    faults.clear();
    instead = null;
    swallowed = "";
    isBroken = false;
  }

  private @Nullable Object answer(Method method, Object[] arguments) throws Throwable {
    for (Fault fault : faults) {
      fault.before(method.getName(), arguments);
    }
    if (method.getName().equals(swallowed)) {
      return null;
    }
    return switch (method.getName()) {
      case "send" -> send((SendRequest) arguments[0]);
      case "receive" -> receive((String) arguments[0]);
      case "inspector" -> new Inspector();
      case "explain" -> explain((Child) arguments[1], (int) arguments[2]);
      default -> ask(fake, method, arguments);
    };
  }

  /** What a port in memory answers. */
  static @Nullable Object ask(Object port, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(port, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static FailureException explain(Child child, int exitCode) {
    return (child.direction() == Child.Direction.SENDING
            ? TransferFailure.SENDER_FAILED
            : TransferFailure.RECEIVER_FAILED)
        .because(child.command() + " exited with " + exitCode + ": " + child.stderrTail());
  }

  /** A child that sends just what {@code plan} says. */
  public static Child sending(TransferPlan plan) {
    return sending(
        "zfs send",
        plan.snapshots().stream().map(snapshot -> line(snapshot.name(), snapshot.guid())).toList());
  }

  private static Child sending(String command, List<String> lines) {
    String stream = String.join("", lines) + " ".repeat(PADDING_BYTES) + "\nEND\n";
    return MemoryChild.sending(
        command,
        stdout -> {
          stdout.write(stream.getBytes(UTF_8));
          return 0;
        });
  }

  private static String line(String snapshot, Guid guid) {
    return snapshot + " " + guid + "\n";
  }

  private Child send(SendRequest request) throws FailureException {
    return sending(
        "zfs send " + request,
        brought(request).stream().map(snapshot -> line(snapshot.name(), snapshot.guid())).toList());
  }

  /** The snapshots after the base of the stream, up to the one that it ends with. */
  private List<Snapshot> brought(SendRequest request) throws FailureException {
    List<Snapshot> all = fake.dataset(request.dataset()).orElseThrow().snapshots();
    int last = indexOf(all, request.target().orElseThrow());
    boolean isRange =
        request instanceof SendRequest.Increment increment && increment.withIntermediates();
    int first =
        isRange ? indexOf(all, ((SendRequest.Increment) request).base().substring(1)) + 1 : last;
    return List.copyOf(all.subList(first, last + 1));
  }

  private static int indexOf(List<Snapshot> all, String name) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no snapshot " + name + " among " + all);
  }

  private Child receive(String dataset) {
    return MemoryChild.receiving("zfs receive " + dataset, stdin -> taken(dataset, stdin));
  }

  private int taken(String dataset, InputStream stdin) throws IOException {
    List<String> lines = new String(stdin.readAllBytes(), UTF_8).lines().toList();
    if (isBroken) {
      throw new IOException("the receiving child fails");
    }
    if (lines.isEmpty() || !lines.getLast().equals("END")) {
      throw new IOException("incomplete stream");
    }
    List<String> snapshots =
        Optional.ofNullable(instead).map(List::of).orElse(lines.subList(0, lines.size() - 2));
    try {
      for (String snapshot : snapshots) {
        int gap = snapshot.indexOf(' ');
        fake.receive(dataset, snapshot.substring(0, gap), Guid.parse(snapshot.substring(gap + 1)));
      }
    } catch (FailureException e) {
      throw new IOException(e);
    }
    return 0;
  }

  private static final class Inspector implements StreamInspector {
    private boolean hasBegun;

    @Override
    public void inspect(ByteBuffer bytes) {
      hasBegun = true;
    }

    @Override
    public boolean hasBegun() {
      return hasBegun;
    }

    @Override
    public void end() {}
  }
}
