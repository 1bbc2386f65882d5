package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamInspector;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Receives into a script, and remembers what it was told. */
class FakeReception implements Reception {
  static final Map<String, Object> ANSWER = Map.of("isReceived", true);

  final CompletableFuture<ScriptChild> started = new CompletableFuture<>();
  final CompletableFuture<Received> received = new CompletableFuture<>();
  final CompletableFuture<FailureException> failed = new CompletableFuture<>();
  final CompletableFuture<Boolean> given = new CompletableFuture<>();
  volatile long progress;

  private final String script;
  private final StreamInspector inspector;
  private boolean isSenderHeard;
  private boolean isProofRequired = true;

  FakeReception(String script, StreamInspector inspector) {
    this.script = script;
    this.inspector = inspector;
  }

  /** Has started its child before anybody asks, who then waits for no busy machine to do so. */
  FakeReception ahead() throws FailureException {
    Child _ = start();
    return this;
  }

  /** Its sender can say that its child is at work. */
  FakeReception heard() {
    isSenderHeard = true;
    return this;
  }

  /** Nobody vouches for the stream. */
  FakeReception unvouched() {
    isProofRequired = false;
    return this;
  }

  @Override
  public boolean isProofRequired() {
    return isProofRequired;
  }

  @Override
  public boolean isSenderHeard() {
    return isSenderHeard;
  }

  @Override
  public StreamInspector inspector() {
    return inspector;
  }

  @Override
  public Child start() throws FailureException {
    if (started.isDone()) {
      return started.join();
    }
    ScriptChild child = ScriptChild.receiving(script);
    started.complete(child);
    return child;
  }

  @Override
  public void progress(long bytes) {
    progress = bytes;
  }

  @Override
  public void given() {
    given.complete(true);
  }

  @Override
  public Object received(Received stream) throws FailureException {
    received.complete(stream);
    return ANSWER;
  }

  @Override
  public FailureException failed(FailureException why) {
    failed.complete(why);
    return why;
  }
}
