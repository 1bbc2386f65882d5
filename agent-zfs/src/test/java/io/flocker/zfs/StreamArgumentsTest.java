package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.storage.SendRequest.Full;
import io.flocker.core.storage.SendRequest.Increment;
import io.flocker.core.storage.SendRequest.Resumption;
import io.flocker.core.stream.SendFlags;
import io.flocker.zfs.command.Names;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamArgumentsTest {
  private final StreamArguments arguments = new StreamArguments(new Names("tank"));

  @Test
  void ofAFullStream() {
    assertEquals(
        List.of("send", "tank/v@a"), arguments.send(new Full("tank/v", "a", SendFlags.NONE)));
    assertEquals(
        List.of("send", "-L", "-e", "-c", "-w", "tank/v@a"),
        arguments.send(new Full("tank/v", "a", new SendFlags(true, true, true, true))));
  }

  @Test
  void ofAnIncrement() {
    assertEquals(
        List.of("send", "-i", "#mark", "tank/v@b"),
        arguments.send(new Increment("tank/v", "#mark", "b", false, SendFlags.NONE)));
    assertEquals(
        List.of("send", "-I", "@a", "tank/v@b"),
        arguments.send(new Increment("tank/v", "@a", "b", true, SendFlags.NONE)));
  }

  @Test
  void ofAResumption() {
    assertEquals(
        List.of("send", "-t", "1-8f2e17309-b8-789c"),
        arguments.send(new Resumption("tank/v", "1-8f2e17309-b8-789c")));
    assertThrows(
        IllegalArgumentException.class, () -> arguments.send(new Resumption("tank/v", "-n")));
  }

  @Test
  void ofAnEstimate() {
    assertEquals(
        List.of("send", "-nvP", "tank/v@a"),
        arguments.estimate(new Full("tank/v", "a", SendFlags.NONE)));
  }

  @Test
  void ofAReceive() {
    assertEquals(List.of("receive", "-u", "tank/v"), arguments.receive("tank/v", false));
    assertEquals(List.of("receive", "-u", "-s", "tank/v"), arguments.receive("tank/v", true));
  }
}
