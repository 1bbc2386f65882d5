package io.flocker.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.2:4523",
        "node_b.example:1",
        "[fd00::2]:65535",
        "[::ffff:10.0.0.2]:4523",
        "localhost:4523"
      })
  void isWrittenAsItWasRead(String text) {
    assertEquals(text, Address.parse(text).toString());
    assertEquals(Address.parse(text), Address.parseListener(text));
    assertEquals("https://" + text, Address.parse(text).url().toString());
    assertTrue(Address.parse(text).isReachable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "node",
        "node:",
        "node:65536",
        "node:99999999999",
        "node:+1",
        "node:01",
        ":1",
        "[::1]",
        "[]:1",
        "[node]:1",
        "[10.0.0.2]:1",
        "[:::]:1",
        "[::1::2]:1",
        "[fe80::1%eth0]:1",
        "::1:1",
        "a b:1",
        "-a:1",
        "a/b:1",
        "a@b:1",
        "https://a:1"
      })
  void whatHasAnotherFormIsRefusedInTheSameWords(String text) {
    String words =
        "'" + text + "' is not <host>:<port>, for example 10.0.0.2:4523 or [fd00::2]:4523";
    assertEquals(
        words,
        assertThrows(IllegalArgumentException.class, () -> Address.parse(text)).getMessage());
    assertEquals(
        words,
        assertThrows(IllegalArgumentException.class, () -> Address.parseListener(text))
            .getMessage());
  }

  @Test
  void onlyAListenerMayLeaveItsPortToTheKernel() {
    assertEquals(new Address("::1", 0), Address.parseListener("[::1]:0"));
    assertFalse(Address.parseListener("[::1]:0").isReachable());
    assertThrows(IllegalArgumentException.class, () -> Address.parse("[::1]:0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0:4523", "0:4523", "[::]:4523", "[::0]:4523", "[0:0:0:0:0:0:0:0]:4523"})
  void nobodyConnectsToAllAddressesOfAMachine(String text) {
    assertTrue(Address.parse(text).isWildcard());
    assertFalse(Address.parse(text).isReachable());
  }
}
