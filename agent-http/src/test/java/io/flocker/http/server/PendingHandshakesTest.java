package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingHandshakesTest {
  private final PendingHandshakes handshakes = new PendingHandshakes(5, 3);

  @Test
  void letsTheOldestOfAnAddressMakeWayForItsNext() {
    From first = begin("10.0.0.1");
    From second = begin("10.0.0.1");
    From other = begin("10.0.0.2");
    From third = begin("10.0.0.1");
    From fourth = begin("10.0.0.1");

    assertFalse(first.isOpen());
    assertTrue(second.isOpen() && other.isOpen() && third.isOpen() && fourth.isOpen());
    assertEquals(4, handshakes.count());
  }

  @Test
  void letsTheAddressWithTheMostMakeWayForAnother() {
    From one = begin("10.0.0.2");
    From first = begin("10.0.0.1");
    From second = begin("10.0.0.1");
    From third = begin("10.0.0.1");
    From two = begin("10.0.0.3");
    From newcomer = begin("10.0.0.4");

    assertFalse(first.isOpen());
    assertTrue(one.isOpen() && two.isOpen() && newcomer.isOpen());
    assertTrue(second.isOpen() && third.isOpen());
    assertEquals(5, handshakes.count());
  }

  @Test
  void letsTheOldestOfAllMakeWayWhereEveryAddressHasAsMany() {
    PendingHandshakes many = new PendingHandshakes(256, 64);
    List<From> begun = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      begun.add(begin(many, "127.0.%d.%d".formatted(i / 200, i % 200)));
    }

    for (int i = 0; i < 400; i++) {
      assertEquals(i >= 400 - 256, begun.get(i).isOpen(), "number " + i);
    }
  }

  @Test
  void takesTheAddressesOfOneIpv6CustomerForOne() {
    From first = begin("2001:db8::1");
    var _ = begin("2001:db8::2");
    var _ = begin("2001:db8::3");
    From elsewhere = begin("2001:db8:0:1::1");
    From fourth = begin("2001:db8::4");

    assertFalse(first.isOpen());
    assertTrue(elsewhere.isOpen() && fourth.isOpen());
  }

  @Test
  void forgetsWhoIsKnownAndWhoHasGone() {
    From known = begin("10.0.0.1");
    From gone = begin("10.0.0.1");
    handshakes.end(known);
    handshakes.end(known);
    var _ = gone.close();

    assertEquals(0, handshakes.count());
    for (int i = 0; i < 3; i++) {
      var _ = begin("10.0.0.1");
    }
    assertTrue(known.isOpen());
  }

  @Test
  void closesThoseThatAreLeft() {
    From known = begin("10.0.0.1");
    From left = begin("10.0.0.1");
    handshakes.end(known);

    handshakes.close();

    assertTrue(known.isOpen());
    assertFalse(left.isOpen());
    assertEquals(0, handshakes.count());
  }

  private From begin(String address) {
    return begin(handshakes, address);
  }

  private static From begin(PendingHandshakes all, String address) {
    From channel = new From(new InetSocketAddress(InetAddress.ofLiteral(address), 1));
    all.begin(channel);
    return channel;
  }

  private static final class From extends EmbeddedChannel {
    private final SocketAddress remote;

    From(SocketAddress remote) {
      this.remote = remote;
    }

    @Override
    public SocketAddress remoteAddress() {
      return remote;
    }
  }
}
