package io.flocker.benchmarks.stream;

import java.nio.file.Path;

final class Scenes {
  private final Options options;

  Scenes(Options options, AgentProcess sender, AgentProcess receiver, Path setup) {
    this.options = options;
  }

  void play() {
    var _ = options.scenes();
  }
}
