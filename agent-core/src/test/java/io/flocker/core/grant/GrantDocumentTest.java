package io.flocker.core.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCredentials;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class GrantDocumentTest {
  private static final NodeId A = NodeId.parse("00000000-0000-4000-8000-00000000000a");
  private static final NodeId B = NodeId.parse("00000000-0000-4000-8000-00000000000b");

  @Test
  void theSignedTextIsWhatFormatsPromises() {
    Grant grant =
        new Grant(
            VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11"),
            4,
            A,
            B,
            UUID.fromString("0197a3c2-5d1e-7c44-9e0b-6f1d2a3b4c5d"),
            Guid.parse("8f3b12a9c04d77e1"),
            Instant.parse("2026-01-02T03:04:05.678901Z"));

    assertEquals(
        """
        flocker-grant 1
        lineage 6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11
        epoch 4
        from 00000000-0000-4000-8000-00000000000a
        to 00000000-0000-4000-8000-00000000000b
        operation 0197a3c2-5d1e-7c44-9e0b-6f1d2a3b4c5d
        final 8f3b12a9c04d77e1
        at 2026-01-02T03:04:05.678Z
        """,
        grant.text());
    assertEquals(grant, Grant.parse(grant.text()));
  }

  /** Older flockerds read and verify it as the creation that it is. */
  @Test
  void aCreationSaysWhetherItsNodeMadeUpTheId() {
    Grant creation =
        new Grant(
            VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11"),
            0,
            A,
            A,
            UUID.fromString("0197a3c2-5d1e-7c44-9e0b-6f1d2a3b4c5d"),
            Grant.FRESH_ID,
            Instant.parse("2026-01-02T03:04:05Z"));

    assertEquals(
        """
        flocker-grant 1
        lineage 6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11
        epoch 0
        from 00000000-0000-4000-8000-00000000000a
        to 00000000-0000-4000-8000-00000000000a
        operation 0197a3c2-5d1e-7c44-9e0b-6f1d2a3b4c5d
        final 0000000000000001
        at 2026-01-02T03:04:05Z
        """,
        creation.text());
    assertTrue(creation.isOfFreshId());
  }

  @Test
  void aTextThatDiffersByALetterIsNoGrant() {
    String text = signed(TestCredentials.of(A), 1).grant().text();
    for (String other :
        List.of(
            "",
            text + "\n",
            text.strip(),
            text.replace("epoch 1", "epoch 01"),
            text.replace("flocker-grant 1", "flocker-grant 2"),
            text.replace("\n", "\r\n"),
            text.replaceFirst("at .*", "at yesterday"),
            text + "to " + A + "\n")) {
      assertThrows(IllegalArgumentException.class, () -> Grant.parse(other), other);
    }
  }

  @Test
  void aChainComesThroughAsItWasWithEachCertificateOnce() {
    Credentials a = TestCredentials.of(A);
    GrantChain chain = new GrantChain(List.of(signed(a, 1), signed(a, 3)));
    GrantDocument sent = GrantDocument.of(chain);

    GrantDocument read =
        JsonMappers.FILE.readValue(JsonMappers.FILE.writeValueAsString(sent), GrantDocument.class);

    assertEquals(chain, read.chain());
    assertEquals(1, read.certificates().size());
  }

  @Test
  void aDocumentThatLacksASignerIsNotRead() {
    GrantDocument whole =
        GrantDocument.of(new GrantChain(List.of(signed(TestCredentials.of(A), 1))));

    assertUnreadable(
        "comes without its signer's certificate", new Broken(List.of(), whole.grants()));
    assertUnreadable("not a signer's certificate", new Broken(List.of("?"), whole.grants()));
  }

  private record Broken(List<String> certificates, List<GrantDocument.Entry> grants) {}

  private static void assertUnreadable(String why, Broken broken) {
    String json = JsonMappers.FILE.writeValueAsString(broken);
    JacksonException refusal =
        assertThrows(
            JacksonException.class, () -> JsonMappers.FILE.readValue(json, GrantDocument.class));
    assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal::getMessage);
  }

  private static SignedGrant signed(Credentials owner, long epoch) {
    return SignedGrant.by(
        owner,
        new Grant(
            VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11"),
            epoch,
            A,
            B,
            UUID.randomUUID(),
            new Guid(7),
            Instant.now()));
  }
}
