package io.flocker.benchmarks.stream;

import io.flocker.benchmarks.Harness;
import io.flocker.core.pki.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What is looked at beside the race: one question each. */
final class Scenes {
  private static final double NANOS = 1e9;
  private static final double MIB = 1 << 20;
  private static final int MANY = 8;
  private static final int TINY_STREAMS = 10_000;
  private static final int CALLS = 2_000;
  private static final int FAILURES = 200;
  private static final long ROUND_TRIP_MILLIS = 100;
  private static final long GIGABIT = 125_000_000;
  private static final long SLOW_BYTES_PER_SECOND = 50 << 20;

  private final Options options;
  private final AgentProcess sender;
  private final AgentProcess receiver;
  private final AgentProcess another;
  private final Flockerd flockerd;
  private final Credentials caller;
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder(1024);

  /**
   * Plays between two agents that are warm.
   *
   * @param another one more that receives
   * @param caller asks the receiver for small things
   */
  Scenes(
      Options options,
      AgentProcess sender,
      AgentProcess receiver,
      AgentProcess another,
      Credentials caller) {
    this.another = another;
    this.options = options;
    this.sender = sender;
    this.receiver = receiver;
    this.flockerd = new Flockerd(sender, receiver);
    this.caller = caller;
  }

  /** Plays what the command line asks for, and tells of it. */
  void play() throws Exception {
    for (String scene : options.scenes()) {
      switch (scene) {
        case "scaling" -> scaling();
        case "delay" -> delay();
        case "control" -> control();
        case "small" -> small();
        case "slow" -> slow();
        case "failing" -> failing();
        case "fanout" -> fanOut();
        default -> throw new IllegalArgumentException("there is no scene " + scene);
      }
    }
  }

  /** What was found, by scene. */
  Map<String, Object> figures() {
    return figures;
  }

  /** The same for readers; empty if nothing was played. */
  String markdown() {
    return text.toString();
  }

  private void scaling() throws Exception {
    for (int streams = 1; streams <= MANY; streams *= 2) {
      Run run = flockerd.run(Load.zeros(options.bytes() / streams, streams));
      tell(
          "scaling" + streams,
          Map.of("gbps", run.gigabytesPerSecond(), "cpuSecondsPerGb", run.processSeconds()),
          "%d streams at once: %.2f GB/s together, %.2f CPU-s per GB, resident at most %.0f MiB"
              .formatted(
                  streams,
                  run.gigabytesPerSecond(),
                  run.processSeconds(),
                  run.peakBytes().values().stream().mapToLong(Long::longValue).max().orElse(0)
                      / MIB));
    }
  }

  private void delay() throws Exception {
    Load load = Load.zeros(Math.min(options.bytes(), 1L << 30), 1);
    receiver.sinkInto(load.sink());
    try (DelayRelay relay = new DelayRelay(receiver.port(), ROUND_TRIP_MILLIS, GIGABIT)) {
      Sent sent = sender.send(receiver.orderTo(load.source(), 1, 1).through(relay.port()));
      double share = sent.bytes() / (sent.nanos() / NANOS) / GIGABIT;
      tell(
          "delay",
          Map.of("shareOfLink", share),
          "A link of 1 Gbit/s and %d ms there and back (our own relay): %.0f %% of it used over %.1f s"
              .formatted(ROUND_TRIP_MILLIS, 100 * share, sent.nanos() / NANOS));
    }
  }

  private void control() throws Exception {
    try (ControlCaller control = new ControlCaller(caller, receiver)) {
      var _ = control.call(CALLS);
      Percentiles idle = control.call(CALLS);
      Load load = Load.zeros(4L << 30, MANY);
      receiver.sinkInto(load.sink());
      CompletableFuture<Sent> streams =
          CompletableFuture.supplyAsync(() -> {
            try {
              return sender.send(receiver.orderTo(load.source(), MANY, 1));
            } catch (IOException e) {
              throw new CompletionException(e);
            }
          });
      Percentiles busy = control.call(CALLS);
      boolean wasBusy = !streams.isDone();
      var _ = streams.join();
      tell(
          "control",
          Map.of("idleP99Millis", idle.millis(0.99), "busyP99Millis", busy.millis(0.99)),
          "%d small requests: idle %s; while %d streams run%s %s; p99 %.1f times as long"
              .formatted(
                  CALLS,
                  idle,
                  MANY,
                  wasBusy ? "" : " (and end)",
                  busy,
                  busy.millis(0.99) / idle.millis(0.99)));
    }
  }

  private void small() throws Exception {
    Load load = Load.zeros(1, 1);
    List<String> tiny = List.of("head", "-c", "4200", "/dev/zero");
    receiver.sinkInto(load.sink());
    Sent sent = sender.send(receiver.orderTo(tiny, 1, TINY_STREAMS));
    Percentiles streams = Percentiles.ofNanos(sent.streamNanos());
    Percentiles first = Percentiles.ofNanos(sent.firstByteNanos());
    tell(
        "small",
        Map.of(
            "p50Millis", streams.millis(0.5),
            "p99Millis", streams.millis(0.99),
            "firstByteP50Millis", first.millis(0.5)),
        "%d streams of 4,200 bytes, one after the other, two children each: %s; first byte into the child: %s"
            .formatted(TINY_STREAMS, streams, first));
  }

  private void slow() throws Exception {
    Load load = Load.zeros(Math.min(options.bytes(), 4L << 30), MANY);
    receiver.sinkInto(
        List.of(
            "perl",
            "-e",
            "use Time::HiRes 'sleep'; while (my $n = sysread(STDIN, my $b, 1 << 20)) { sleep($n / "
                + SLOW_BYTES_PER_SECOND
                + ") }"));
    ProcessFigures.forgetPeak(sender.pid());
    ProcessFigures.forgetPeak(receiver.pid());
    Tally before = receiver.tally();
    Sent sent = sender.send(receiver.orderTo(load.source(), MANY, 1));
    long most =
        Math.max(ProcessFigures.peakBytes(sender.pid()), ProcessFigures.peakBytes(receiver.pid()));
    tell(
        "slow",
        Map.of("peakResidentBytes", most),
        "%d streams of %.1f GiB at once into children that take %.0f MiB/s: %.0f s, resident at most %.0f MiB (sender %.0f, receiver %.0f), full collections at the receiver %d"
            .formatted(
                MANY,
                load.bytes() / MIB / 1024,
                SLOW_BYTES_PER_SECOND / MIB,
                sent.nanos() / NANOS,
                most / MIB,
                ProcessFigures.peakBytes(sender.pid()) / MIB,
                ProcessFigures.peakBytes(receiver.pid()) / MIB,
                receiver.tally().fullCollections() - before.fullCollections()));
  }

  private void failing() throws Exception {
    receiver.sinkInto(
        List.of(
            "perl",
            "-MTime::HiRes=clock_gettime,CLOCK_MONOTONIC",
            "-e",
            "sysread(STDIN, $b, 1 << 20) for 1 .. 64;"
                + " printf STDERR '%d', 1e9 * clock_gettime(CLOCK_MONOTONIC); exit 1"));
    Order order = receiver.orderTo(Load.zeros(1L << 40, 1).source(), 1, FAILURES).provoking();
    Percentiles delays = Percentiles.ofNanos(sender.send(order).streamNanos());
    tell(
        "failing",
        Map.of("p50Millis", delays.millis(0.5), "worstMillis", delays.millis(1)),
        "%d endless streams whose receiving child dies in the midst: from its last words until they are known at the sender, whose own child has ended: %s"
            .formatted(FAILURES, delays));
  }

  private void fanOut() throws Exception {
    fanOut("fanoutLink", GIGABIT, "over links of 1 Gbit/s each");
    fanOut("fanoutFree", 0, "as fast as this machine does both ends of it");
  }

  private void fanOut(String scene, long rate, String how) throws Exception {
    Load load = Load.zeros(Math.min(options.bytes(), 1L << 30), 1);
    receiver.sinkInto(load.sink());
    another.sinkInto(load.sink());
    List<Order.Target> both = List.of(receiver.target(), another.target());
    Order one = Order.toAll(load.source(), both.subList(0, 1), true, rate);
    Order shared = Order.toAll(load.source(), both, true, rate);
    Order each = Order.toAll(load.source(), both, false, rate);
    List<Double> sharing = new ArrayList<>();
    List<Double> reading = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    int children = 0;
    for (int round = 0; round < options.rounds(); round++) {
      double alone = sender.send(one).nanos();
      Sent together = sender.send(shared);
      children = Math.max(children, together.children());
      seconds.add(alone / NANOS);
      sharing.add(together.nanos() / alone);
      reading.add(sender.send(each).nanos() / alone);
    }
    tell(
        scene,
        Map.of("shared", median(sharing), "each", median(reading), "childrenOfShared", children),
        "%.1f GiB to two peers, %s: by one child (%d was started) %.2f times as long as to one peer, by one each %.2f times; to one %.1f s; medians of %d rounds"
            .formatted(
                load.bytes() / MIB / 1024,
                how,
                children,
                median(sharing),
                median(reading),
                median(seconds),
                options.rounds()));
  }

  private static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }

  private void tell(String scene, Map<String, Object> found, String line) {
    figures.put(scene, found);
    text.append("- ").append(line).append(".\n");
    Harness.say(line);
  }
}
