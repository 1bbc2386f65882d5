package io.flocker.core.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
  @Test
  void aProofIsWrittenAsItAlwaysWas() {
    Proof proof = new Proof(0, 1_234, 0x89abcdef);
    assertEquals("Flocker-Proof", Proof.TRAILER);
    assertEquals("exit=0 bytes=1234 crc32c=89abcdef", proof.toString());
    assertEquals(proof, Proof.parse("exit=0 bytes=1234 crc32c=89abcdef"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "exit=0 bytes=1234",
        "exit=0 bytes=1234 crc32c=89ABCDEF",
        "exit=0 bytes=1234 crc32c=89abcdef ",
        "exit=-1 bytes=1234 crc32c=89abcdef",
        "exit=0 bytes=01234 crc32c=89abcdef",
        "exit=0 bytes=9999999999999999999 crc32c=89abcdef",
        "bytes=1234 exit=0 crc32c=89abcdef"
      })
  void anotherFormProvesNothing(String value) {
    assertThrows(IllegalArgumentException.class, () -> Proof.parse(value));
  }
}
