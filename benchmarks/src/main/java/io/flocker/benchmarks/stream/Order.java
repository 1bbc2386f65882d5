package io.flocker.benchmarks.stream;

import java.util.List;

/**
 * What the harness tells an {@link Agent}, one line of JSON.
 *
 * @param verb {@code sink}: start {@code child} for every stream that comes; {@code send}: send
 *     what {@code child} writes; {@code provoke}: the same, where the other side's child must fail;
 *     {@code tally}: tell of memory
 * @param child program and arguments
 * @param port where the receiving agent listens
 * @param node who it is
 * @param streams how many streams run at once
 * @param repeat how many streams follow each other in each of them
 */
record Order(String verb, List<String> child, int port, String node, int streams, int repeat) {
  static Order sink(List<String> child) {
    return new Order("sink", child, 0, "", 0, 0);
  }

  static Order tally() {
    return new Order("tally", List.of(), 0, "", 0, 0);
  }

  /** As {@code send}, where every stream must fail. */
  Order provoking() {
    return new Order("provoke", child, port, node, streams, repeat);
  }

  /** As {@code send}, to another port: a relay's. */
  Order through(int relay) {
    return new Order(verb, child, relay, node, streams, repeat);
  }
}
