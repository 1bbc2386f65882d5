package io.flocker.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EventStreamTest {
  private final Queue<Object> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();

  @Test
  void eventsAreReadOneByOne() throws Exception {
    answers.add("retry: 2000\nid: e-0\n\n:\n\nid: e-1\nevent: peer.removed\ndata: {\"a\":1}\n\n");
    try (EventStream events = stream()) {
      NodeEvent event = events.next();

      assertEquals("e-1", event.id());
      assertEquals("peer.removed", event.type());
      assertEquals(1, event.data().path("a").intValue());
    }
  }

  @Test
  void aBrokenConnectionIsTakenUpBehindTheLastEvent() throws Exception {
    answers.addAll(
        List.of(
            "id: e-1\nevent: x\ndata: {}\n\nid: e-2\nevent: x\nda",
            new IOException("nobody there"),
            RequestFailure.TOO_MANY_REQUESTS.because("too many"),
            "id: e-2\nevent: x\ndata: {}\n\n"));
    try (EventStream events = stream()) {
      assertEquals("e-1", events.next().id());
      assertEquals("e-2", events.next().id());
      assertEquals(List.of("", "e-1", "e-1", "e-1"), asked);
    }
  }

  @Test
  void aHeartbeatMovesThePositionOn() throws Exception {
    answers.addAll(List.of("id: e-7\n\n", "id: e-8\nevent: x\ndata: {}\n\n"));
    try (EventStream events = stream()) {
      assertEquals("e-8", events.next().id());
      assertEquals(List.of("", "e-7"), asked);
    }
  }

  @Test
  void aFarewellIsNoEvent() throws Exception {
    answers.addAll(
        List.of(
            "id: e-3\nevent: farewell\ndata: {\"reason\":\"closing\"}\n\n",
            "id: f-0\nevent: gap\ndata: {\"reason\":\"restarted\"}\n\n"));
    try (EventStream events = stream()) {
      assertEquals("gap", events.next().type());
      assertEquals(List.of("", "e-3"), asked);
    }
  }

  @Test
  void whatHasNoEndIsNotKeptAndEndsIt() throws Exception {
    String half = "x".repeat(600_000);
    String second = "data: \"" + half + "\"\n";
    for (String endless : List.of("data: " + half + half, second + second, ":" + half + half)) {
      answers.addAll(List.of("id: e-1\nevent: x\ndata: {}\n\n" + endless));
      try (EventStream events = stream()) {
        assertEquals("e-1", events.next().id());
        IOException end = assertThrows(IOException.class, events::next);
        assertTrue(String.valueOf(end.getMessage()).contains("no flockerd"), end::toString);
      }
    }
  }

  @Test
  void aLineEndsHoweverItIsEnded() throws Exception {
    answers.add("id: e-1\r\nevent: x\r\ndata: {}\r\n\r\nid: e-2\revent: x\rdata: {}\r\r");
    try (EventStream events = stream()) {
      assertEquals("e-1", events.next().id());
      assertEquals("e-2", events.next().id());
    }
  }

  @Test
  void aRefusalIsTheCallersToKnow() throws Exception {
    answers.add(RequestFailure.FORBIDDEN.because("no"));
    try (EventStream events = stream()) {
      assertEquals(
          RequestFailure.FORBIDDEN, assertThrows(FailureException.class, events::next).failure());
    }
  }

  @Test
  void aNodeThatWasNeverThereIsToldOf() {
    answers.add(new IOException("nobody there"));
    try (EventStream events = stream()) {
      assertThrows(IOException.class, events::next);
    }
  }

  @Test
  void aClosedOneTellsNoMore() throws Exception {
    answers.addAll(List.of("id: e-1\nevent: x\ndata: {}\n\n", "id: e-2\n\n"));
    EventStream events = stream();
    assertEquals("e-1", events.next().id());
    events.close();

    assertThrows(IOException.class, events::next);
  }

  private EventStream stream() {
    return new EventStream(this::open, Optional.empty());
  }

  private InputStream open(Optional<String> lastId) throws FailureException, IOException {
    asked.add(lastId.orElse(""));
    return switch (answers.remove()) {
      case IOException failure -> throw failure;
      case FailureException failure -> throw failure;
      case String text -> new ByteArrayInputStream(text.getBytes(UTF_8));
      case Object other -> throw new IllegalStateException(String.valueOf(other));
    };
  }
}
