package io.flocker.benchmarks.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The least that a relay in user space with TLS can cost: what its system calls and its cipher cost
 * when nothing is done beside them and nobody waits for anybody. CPU-seconds for each GB.
 *
 * @param zeros what the source spends on making zeros
 * @param pipeWrite into a pipe of 1 MiB, 128 KiB at once
 * @param pipeRead out of it
 * @param socketWrite into a loopback socket
 * @param socketRead out of it
 * @param seal AES-128-GCM in records of 16 KiB
 * @param open the same back
 * @param sinkWrite into the sink's pipe
 * @param sinkRead out of it
 */
record FloorModel(
    double zeros,
    double pipeWrite,
    double pipeRead,
    double socketWrite,
    double socketRead,
    double seal,
    double open,
    double sinkWrite,
    double sinkRead) {
  /** The whole path: both children, both agents. */
  double machine() {
    return source() + sender() + receiver() + sink();
  }

  double source() {
    return zeros + pipeWrite;
  }

  double sender() {
    return pipeRead + seal + socketWrite;
  }

  double receiver() {
    return socketRead + open + sinkWrite;
  }

  double sink() {
    return sinkRead;
  }

  /** GB/s that {@code cores} can do, of one stream: each process is a thread. */
  double gigabytesPerSecond(int cores, int streams) {
    double slowest = Math.max(Math.max(source(), sink()), Math.max(sender(), receiver()));
    return Math.min(cores / machine(), streams / slowest);
  }

  Map<String, Double> parts() {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("zeros", zeros);
    parts.put("pipeWrite", pipeWrite);
    parts.put("pipeRead", pipeRead);
    parts.put("socketWrite", socketWrite);
    parts.put("socketRead", socketRead);
    parts.put("seal", seal);
    parts.put("open", open);
    parts.put("sinkWrite", sinkWrite);
    parts.put("sinkRead", sinkRead);
    return parts;
  }
}
