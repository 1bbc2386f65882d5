package io.flocker.core.deploy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardingTest {
  private static final String ZEROS = "0".repeat(32);
  private static final String LEARNT =
      ZEROS + " 00 " + ZEROS + " 00 fe80" + "0".repeat(28) + " 400 1 0 00450003 eth7\n";

  @TempDir Path proc;
  private Path ipv4 = Path.of("");
  private Path ipv6 = Path.of("");
  private Forwarding forwarding = new Forwarding(Path.of(""));

  @BeforeEach
  void isOff() throws IOException {
    ipv4 = write("sys/net/ipv4/ip_forward", "0\n");
    ipv6 = write("sys/net/ipv6/conf/all/forwarding", "0\n");
    forwarding = new Forwarding(proc);
  }

  @Test
  void isSwitchedOnForTheFamilyThatNeedsIt() throws IOException {
    assertTrue(forwarding.obstacle(Family.IPV4).isPresent());
    assertEquals(Optional.empty(), forwarding.allow(Family.IPV4));
    assertEquals("1\n", Files.readString(ipv4));
    assertEquals("0\n", Files.readString(ipv6));
    assertEquals(Optional.empty(), forwarding.obstacle(Family.IPV4));

    assertEquals(Optional.empty(), forwarding.allow(Family.IPV6));
    assertEquals("1\n", Files.readString(ipv6));
  }

  @Test
  void doesNotCutTheNodeOffFromTheRouterThatItLearntOf() throws IOException {
    write("thread-self/net/ipv6_route", LEARNT);
    Path setting = write("sys/net/ipv6/conf/eth7/accept_ra", "1\n");

    String hindrance = forwarding.allow(Family.IPV6).orElseThrow();
    assertTrue(hindrance.contains("net.ipv6.conf.eth7.accept_ra=2"), hindrance);
    assertTrue(hindrance.contains("net.ipv6.conf.all.forwarding=1"), hindrance);
    assertEquals("0\n", Files.readString(ipv6));

    Files.writeString(setting, "2\n");
    assertEquals(Optional.empty(), forwarding.allow(Family.IPV6));
    assertEquals("1\n", Files.readString(ipv6));
  }

  @Test
  void saysThatThereIsNoSuchFamily() throws IOException {
    Files.delete(ipv6);

    assertTrue(forwarding.allow(Family.IPV6).orElseThrow().contains("no IPv6"));
  }

  @Test
  void saysWhatToSetWhereItMayNot() throws IOException {
    Files.delete(ipv4);
    Files.createDirectory(ipv4);

    String hindrance = forwarding.allow(Family.IPV4).orElseThrow();
    assertTrue(hindrance.contains("net.ipv4.ip_forward=1"), hindrance);
  }

  private Path write(String name, String text) throws IOException {
    Path file = proc.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
