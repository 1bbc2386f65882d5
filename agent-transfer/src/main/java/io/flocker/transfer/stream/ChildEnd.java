package io.flocker.transfer.stream;

import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How a child has ended, for the one error that tells of both sides.
 *
 * @param exit empty when not even SIGKILL has ended it
 * @param stderr the last of what it wrote there
 */
public record ChildEnd(Optional<Exit> exit, String stderr) {
  /** Its last words may take a moment longer than the child itself. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** Ends the child where it still runs, waits for it, bounded, and tells. Blocks. */
  static ChildEnd of(Child child) {
    child.close();
    CompletableFuture<Optional<Exit>> exit =
        child
            .exit()
            .thenApply(Optional::of)
            .toCompletableFuture()
            .completeOnTimeout(Optional.empty(), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    return new ChildEnd(exit.join(), child.stderrTail());
  }

  /** The member {@code sender} or {@code receiver} of a problem document. */
  public Map<String, Object> toMember() {
    Map<String, Object> member = new LinkedHashMap<>();
    exit.ifPresentOrElse(
        known -> {
          member.put("exit", known.code());
          known.signal().ifPresent(signal -> member.put("signal", signal));
        },
        () -> member.put("unkillable", true));
    member.put("stderr", stderr);
    return member;
  }
}
