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
 * @param others who receives, of {@code fan}: one stream to each of them at once
 * @param isShared whether one child makes the streams of {@code fan}
 * @param rate most bytes a second of each of those; 0 for as fast as it goes
 */
record Order(
    String verb,
    List<String> child,
    int port,
    String node,
    int streams,
    int repeat,
    List<Target> others,
    boolean isShared,
    long rate) {
  /** One more agent that receives. */
  record Target(int port, String node) {}

  Order(String verb, List<String> child, int port, String node, int streams, int repeat) {
    this(verb, child, port, node, streams, repeat, List.of(), false, 0);
  }

  /**
   * One stream to several.
   *
   * @param isShared whether one child makes it for all of them
   * @param rate as {@link #rate}
   */
  static Order toAll(List<String> child, List<Target> targets, boolean isShared, long rate) {
    return new Order("fan", child, 0, "", 1, 1, List.copyOf(targets), isShared, rate);
  }

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
