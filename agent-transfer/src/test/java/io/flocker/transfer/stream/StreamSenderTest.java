package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.failure.TransferFailure;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** What a sender says of a stream whose body has not begun. */
@Timeout(120)
class StreamSenderTest {
  private final StreamSender sender =
      new StreamSender(
          () -> {
            throw new AssertionError("a child was started for a body that never began");
          },
          Settings.PATIENT,
          new UnpooledByteBufAllocator(true));

  @Test
  void tellsWhatThePeerSaysItHasTaken() {
    sender.interim(Map.of("flocker-taken", "7"));
    sender.interim(Map.of("flocker-taken", "a lot"));
    sender.interim(Map.of());
    assertEquals(7, sender.bytesTaken());

    sender.interim(Map.of("flocker-taken", "8"));

    assertEquals(8, sender.bytesTaken());
    assertEquals(0, sender.bytesSent());
  }

  @Test
  void aLostConnectionIsToldAsWhatItIs() throws Exception {
    sender.failed(TransferFailure.PEER_UNREACHABLE.because("connection refused"));

    SendOutcome.Failed failed = Outcomes.failed(sender);
    assertEquals(TransferFailure.PEER_UNREACHABLE, failed.failure().failure());
    assertEquals(0, failed.bytes());
  }

  @Test
  void aRefusalIsThePeersAnswerAndVouchesForNothing() throws Exception {
    sender.response(409, JsonMapper.shared().createObjectNode());

    SendOutcome.Answered answered = Outcomes.answered(sender);
    assertEquals(409, answered.status());
    assertEquals(Optional.empty(), answered.proof());
  }

  @Test
  void whatIsEndedForAReasonSaysThatReason() throws Exception {
    sender.writabilityChanged();
    sender.end(TransferFailure.CANCELLED.because("something else comes first"));

    SendOutcome.Failed failed = Outcomes.failed(sender);
    assertEquals("something else comes first", failed.failure().detail());
    assertFalse(sender.isSentWhole());
  }
}
