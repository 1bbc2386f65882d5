package io.flocker.zfs;

import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.SendRequest.Full;
import io.flocker.core.storage.SendRequest.Increment;
import io.flocker.core.storage.SendRequest.Resumption;
import io.flocker.core.stream.SendFlags;
import io.flocker.zfs.command.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The arguments of {@code zfs send} and {@code zfs receive}. Never {@code -p}, {@code -R} or {@code
 * -h}: properties travel in the plan; never {@code -F}: a copy that was changed stays as it is.
 */
final class StreamArguments {
  private static final Pattern TOKEN = Pattern.compile("[0-9]+(-[0-9a-f]+){3}");

  private final Names names;

  StreamArguments(Names names) {
    this.names = names;
  }

  List<String> send(SendRequest request) {
    return send(List.of(), request);
  }

  /** The same send, not run but sized: one line {@code size <bytes>} among others. */
  List<String> estimate(SendRequest request) {
    return send(List.of("-nvP"), request);
  }

  List<String> receive(String dataset, boolean canResume) {
    List<String> arguments = new ArrayList<>(List.of("receive", "-u"));
    if (canResume) {
      arguments.add("-s");
    }
    arguments.add(names.dataset(dataset));
    return arguments;
  }

  private List<String> send(List<String> options, SendRequest request) {
    List<String> arguments = new ArrayList<>(List.of("send"));
    arguments.addAll(options);
    switch (request) {
      case Full full -> {
        arguments.addAll(flags(full.flags()));
        arguments.add(names.snapshot(full.dataset(), full.snapshot()));
      }
      case Increment increment -> {
        arguments.addAll(flags(increment.flags()));
        arguments.add(increment.withIntermediates() ? "-I" : "-i");
        arguments.add(Names.base(increment.base()));
        arguments.add(names.snapshot(increment.dataset(), increment.snapshot()));
      }
      case Resumption resumption -> {
        arguments.add("-t");
        arguments.add(token(resumption.token()));
      }
    }
    return arguments;
  }

  private static List<String> flags(SendFlags flags) {
    List<String> arguments = new ArrayList<>();
    if (flags.largeBlocks()) {
      arguments.add("-L");
    }
    if (flags.embedded()) {
      arguments.add("-e");
    }
    if (flags.compressed()) {
      arguments.add("-c");
    }
    if (flags.raw()) {
      arguments.add("-w");
    }
    return arguments;
  }

  private static String token(String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("'" + token + "' is no resume token");
    }
    return token;
  }
}
