package io.flocker.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerBookTest {
  private static final NodeId SELF = NodeId.random();
  private static final Peer PEER =
      new Peer(
          NodeId.parse("6b7a1c3e-0f12-4d5a-9e8b-0123456789ab"),
          List.of(Address.parse("node-b.example:4523"), Address.parse("[fd00::2]:4523")),
          Takeover.MANUAL);
  private static final String FILE =
      """
      {
        "version" : 1,
        "peers" : [ {
          "node" : "6b7a1c3e-0f12-4d5a-9e8b-0123456789ab",
          "addresses" : [ "node-b.example:4523", "[fd00::2]:4523" ],
          "takeover" : "manual"
        } ]
      }\
      """;

  @TempDir private Path folder;

  @Test
  void peersSurviveARestart() throws IOException, FailureException {
    assertTrue(open().put(PEER), "new");
    assertFalse(open().put(PEER), "known");
    assertEquals(List.of(PEER), open().list());
    assertEquals(Optional.of(PEER), open().find(PEER.node()));
    assertEquals(PEER, open().require(PEER.node()));
  }

  @Test
  void theFileIsWrittenAsItAlwaysWas() throws IOException, FailureException {
    open().put(PEER);
    assertEquals(FILE, Files.readString(folder.resolve(PeerBook.FILE)));
  }

  /** What was lost is not known to be empty: only somebody who says so makes it that. */
  @Test
  void aFolderThatRemembersNothingHasForgottenItsPeers() throws IOException, FailureException {
    PeerBook.forget(folder);
    assertEquals(
        """
        {
          "version" : 1,
          "forgotten" : true,
          "peers" : [ ]
        }\
        """,
        Files.readString(folder.resolve(PeerBook.FILE)));
    String why = open().forgotten().orElseThrow();
    assertTrue(why.contains(folder.resolve(PeerBook.FILE).toString()), why);

    PeerBook book = open();
    book.put(PEER);
    assertTrue(book.forgotten().isPresent(), "there may be more of them");
    assertEquals(Optional.empty(), open().forgotten(), "a restart says that they are all");
    PeerBook.forget(folder);
    assertEquals(List.of(PEER), open().list(), "a book that is there stays");
    book.remove(PEER.node());
    assertTrue(book.forgotten().isPresent(), "a peer that was mistyped, and is taken out again");
    assertTrue(open().forgotten().isPresent());
  }

  @Test
  void whoWasToldOfInAnEarlierRunIsTakenOutAndNotForgotten() throws IOException, FailureException {
    PeerBook.forget(folder);
    open().put(PEER);
    open().remove(PEER.node());

    assertEquals(Optional.empty(), open().forgotten());
  }

  @Test
  void whoHasNothingThatAPeerCouldOwnBeginsWithAnEmptyBook() throws IOException, FailureException {
    PeerBook.forget(folder);
    open().begin();
    assertEquals(Optional.empty(), open().forgotten());
    assertEquals(
        FILE.replaceAll("(?s)\\[ .* ]", "[ ]"), Files.readString(folder.resolve(PeerBook.FILE)));
  }

  /** Files of before peers had names, and of nodes whose peers have none. */
  @Test
  void aNameIsInTheFileWhereThereIsOne() throws IOException, FailureException {
    open().put(PEER);
    open().put(named("node-2", PEER.node()));

    assertEquals(Optional.of(PeerName.parse("node-2")), open().require(PEER.node()).name());
    assertEquals(
        FILE.replace("\"addresses\"", "\"name\" : \"node-2\",\n    \"addresses\""),
        Files.readString(folder.resolve(PeerBook.FILE)));
    open().put(PEER);
    assertEquals(Optional.of(PeerName.parse("node-2")), open().require(PEER.node()).name());
  }

  @Test
  void noTwoPeersHaveOneName() throws IOException, FailureException {
    PeerBook book = open();
    book.put(named("node-2", PEER.node()));
    FailureException refusal =
        assertThrows(FailureException.class, () -> book.put(named("node-2", NodeId.random())));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains(PEER.node().toString()), refusal::getMessage);
    assertEquals(1, book.list().size());
  }

  @Test
  void aPeerThatIsRemovedStaysRemoved() throws IOException, FailureException {
    PeerBook book = open();
    book.put(PEER);
    book.remove(PEER.node());
    assertEquals(List.of(), book.list());
    assertEquals(List.of(), open().list());
    assertUnknown(() -> book.remove(PEER.node()));
    assertUnknown(() -> book.require(PEER.node()));
  }

  @Test
  void aNodeIsNoPeerOfItself() throws IOException {
    PeerBook book = open();
    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> book.put(new Peer(SELF, PEER.addresses(), Takeover.NEVER)));
    assertEquals(RequestFailure.MALFORMED_REQUEST, refusal.failure());
    FailureException toItself = assertThrows(FailureException.class, () -> book.requireOther(SELF));
    assertEquals(RequestFailure.MALFORMED_REQUEST, toItself.failure());
    assertUnknown(() -> book.requireOther(PEER.node()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"version\":1}",
        "{\"version\":2,\"peers\":[]}",
        "{\"version\":1,\"peers\":[],\"more\":0}",
        "{\"version\":1,\"peers\":[]} {}",
        "{\"version\":1,\"version\":1,\"peers\":[]}",
        "{\"version\":1,\"peers\":[{\"node\":\"6b7a1c3e-0f12-4d5a-9e8b-0123456789ab\","
            + "\"addresses\":[],\"takeover\":\"never\"}]}"
      })
  void aFileThatIsNotWhatWeWroteIsAnError(String content) throws IOException {
    Path file = Files.writeString(folder.resolve(PeerBook.FILE), content);
    IOException refusal = assertThrows(IOException.class, this::open);
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith(file.toString()), refusal::getMessage);
  }

  @Test
  void aLeftoverOfACrashIsNoHarm() throws IOException, FailureException {
    open().put(PEER);
    Files.writeString(folder.resolve(PeerBook.FILE + ".new"), "{\"vers");
    assertEquals(List.of(PEER), open().list());
    open().remove(PEER.node());
    assertEquals(List.of(), open().list());
  }

  private static Peer named(String name, NodeId node) {
    return new Peer(node, Optional.of(PeerName.parse(name)), PEER.addresses(), PEER.takeover());
  }

  private static void assertUnknown(Attempt attempt) {
    FailureException refusal = assertThrows(FailureException.class, attempt::run);
    assertEquals(OwnershipFailure.PEER_UNKNOWN, refusal.failure());
  }

  private PeerBook open() throws IOException {
    return PeerBook.open(folder, SELF, EventSink.NONE);
  }

  private interface Attempt {
    void run() throws FailureException;
  }
}
