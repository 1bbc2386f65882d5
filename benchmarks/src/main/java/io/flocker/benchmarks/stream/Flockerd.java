package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Our own path, through two agents. */
final class Flockerd implements Contender {
  private static final double GB = 1e9;
  private static final double MIB = 1 << 20;
  private static final double NANOS = 1e9;

  private final AgentProcess sender;
  private final AgentProcess receiver;

  Flockerd(AgentProcess sender, AgentProcess receiver) {
    this.sender = sender;
    this.receiver = receiver;
  }

  @Override
  public String name() {
    return "flockerd";
  }

  @Override
  public String description() {
    return "flockerd, mutual TLS 1.3";
  }

  @Override
  public Run run(Load load) throws IOException {
    receiver.sinkInto(load.sink());
    Tally sending = sender.tally();
    Tally receiving = receiver.tally();
    ProcessFigures.forgetPeak(sender.pid());
    ProcessFigures.forgetPeak(receiver.pid());
    double machine = ProcessFigures.machine();
    double[] before = cpu();
    Sent sent = sender.send(receiver.orderTo(load.source(), load.streams(), 1));
    double[] after = cpu();
    double machineSeconds = ProcessFigures.machine() - machine;
    if (sent.bytes() != load.totalBytes()) {
      throw new IOException(sent.bytes() + " bytes came of " + load.totalBytes());
    }
    double gigabytes = sent.bytes() / GB;
    Map<String, Double> processes = new LinkedHashMap<>();
    processes.put("sender", (after[0] - before[0]) / gigabytes);
    processes.put("receiver", (after[1] - before[1]) / gigabytes);
    processes.put("source", (after[2] - before[2]) / gigabytes);
    processes.put("sink", (after[3] - before[3]) / gigabytes);
    Map<String, Long> peaks = new LinkedHashMap<>();
    peaks.put("sender", ProcessFigures.peakBytes(sender.pid()));
    peaks.put("receiver", ProcessFigures.peakBytes(receiver.pid()));
    return new Run(
        gigabytes / (sent.nanos() / NANOS),
        machineSeconds / gigabytes,
        processes,
        peaks,
        memory(sent, sending, receiving));
  }

  private Map<String, Double> memory(Sent sent, Tally sending, Tally receiving) throws IOException {
    Tally sendingNow = sender.tally();
    Tally receivingNow = receiver.tally();
    double mebibytes = sent.bytes() / MIB;
    Map<String, Double> further = new LinkedHashMap<>();
    further.put(
        "senderHeapBytesPerMiB",
        (sendingNow.allocatedBytes() - sending.allocatedBytes()) / mebibytes);
    further.put(
        "receiverHeapBytesPerMiB",
        (receivingNow.allocatedBytes() - receiving.allocatedBytes()) / mebibytes);
    further.put(
        "fullCollections",
        (double)
            (sendingNow.fullCollections()
                - sending.fullCollections()
                + receivingNow.fullCollections()
                - receiving.fullCollections()));
    Percentiles first = Percentiles.ofNanos(sent.firstByteNanos());
    further.put("firstByteMillis", first.millis(0.5));
    further.put("firstByteMillisWorst", first.millis(1));
    return further;
  }

  private double[] cpu() throws IOException {
    return new double[] {
      ProcessFigures.own(sender.pid()),
      ProcessFigures.own(receiver.pid()),
      ProcessFigures.children(sender.pid()),
      ProcessFigures.children(receiver.pid())
    };
  }
}
