package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import java.util.concurrent.CompletableFuture;

/** Asks questions on virtual threads of their own. Any thread. */
final class InBackground {
  private InBackground() {}

  /** Something that waits for somebody else. */
  interface Question<T> {
    T ask() throws FailureException, InterruptedException;
  }

  /** Asks; the answer comes, or what the question failed with. */
  static <T> CompletableFuture<T> ask(Question<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .name("confirm")
            .start(() -> {
              try {
                boolean _ = answer.complete(question.ask());
              } catch (Exception | Error e) {
                boolean _ = answer.completeExceptionally(e);
              }
            });
    return answer;
  }
}
