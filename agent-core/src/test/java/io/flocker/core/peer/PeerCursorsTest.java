package io.flocker.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.stream.ChainFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCursorsTest {
  private static final VolumeId VOLUME = VolumeId.parse("0d9f7a52-1111-4222-8333-444455556666");
  private static final NodeId PEER = NodeId.parse("6b7a1c3e-0f12-4d5a-9e8b-0123456789ab");
  private static final String FILE =
      """
      {
        "version" : 1,
        "cursors" : {
          "0d9f7a52-1111-4222-8333-444455556666" : {
            "6b7a1c3e-0f12-4d5a-9e8b-0123456789ab" : "00000000000000ff"
          }
        }
      }\
      """;

  @TempDir private Path folder;

  @Test
  void aCursorTellsWhereItWasAndSurvivesARestart() throws IOException, FailureException {
    assertEquals(Optional.empty(), PeerCursors.open(folder).move(VOLUME, PEER, new Guid(1)));
    assertEquals(
        Optional.of(new Guid(1)), PeerCursors.open(folder).move(VOLUME, PEER, new Guid(2)));
    assertEquals(Map.of(PEER, new Guid(2)), PeerCursors.open(folder).of(VOLUME));
  }

  @Test
  void theFileIsWrittenAsItAlwaysWas() throws IOException, FailureException {
    PeerCursors.open(folder).move(VOLUME, PEER, new Guid(255));
    assertEquals(FILE, Files.readString(folder.resolve(PeerCursors.FILE)));
  }

  @Test
  void whatWasSentIsUnsettledUntilThePeerIsHeardOf() throws IOException, FailureException {
    PeerCursors cursors = PeerCursors.open(folder);
    cursors.sending(VOLUME, PEER, List.of(new Guid(1), new Guid(2), new Guid(3)));
    assertEquals(
        Map.of(PEER, List.of(new Guid(1), new Guid(2), new Guid(3))),
        PeerCursors.open(folder).unsettled(VOLUME));

    cursors.move(VOLUME, PEER, new Guid(2));
    assertEquals(Map.of(PEER, List.of(new Guid(3))), cursors.unsettled(VOLUME));
    cursors.move(VOLUME, PEER, new Guid(9)); // What it says itself that it has.
    assertEquals(Map.of(), cursors.unsettled(VOLUME));

    cursors.sending(VOLUME, PEER, List.of(new Guid(10)));
    cursors.forget(PEER);
    assertEquals(Map.of(), PeerCursors.open(folder).unsettled(VOLUME));
  }

  @Test
  void howACopyIsMadeIsRememberedUntilTheVolumeIsForgotten() throws IOException, FailureException {
    NodeId other = NodeId.random();
    PeerCursors cursors = PeerCursors.open(folder);
    cursors.chain(VOLUME, PEER, new ChainFlags(true, false));
    cursors.chain(VOLUME, other, new ChainFlags(false, true));
    cursors.replace(VOLUME, Map.of(PEER, new Guid(1)));
    assertEquals(
        Map.of(PEER, new ChainFlags(true, false), other, new ChainFlags(false, true)),
        PeerCursors.open(folder).chains(VOLUME));

    cursors.forget(other); // It may come back, and its copy is as it was.
    cursors.replace(VOLUME, Map.of());
    assertEquals(
        Map.of(PEER, new ChainFlags(true, false), other, new ChainFlags(false, true)),
        PeerCursors.open(folder).chains(VOLUME));
    cursors.forget(VOLUME);
    assertEquals(Map.of(), PeerCursors.open(folder).chains(VOLUME));
  }

  @Test
  void whatWasForgottenIsBroughtBackWhole() throws IOException, FailureException {
    PeerCursors cursors = PeerCursors.open(folder);
    cursors.move(VOLUME, PEER, new Guid(1));
    cursors.sending(VOLUME, PEER, List.of(new Guid(2)));
    cursors.chain(VOLUME, PEER, new ChainFlags(true, true));
    PeerCursors.Known before = cursors.known(VOLUME);
    cursors.forget(VOLUME);
    assertEquals(
        new PeerCursors.Known(Map.of(), Map.of(), Map.of()),
        PeerCursors.open(folder).known(VOLUME));

    cursors.put(VOLUME, before);

    assertEquals(
        new PeerCursors.Known(
            Map.of(PEER, new Guid(1)),
            Map.of(PEER, List.of(new Guid(2))),
            Map.of(PEER, new ChainFlags(true, true))),
        PeerCursors.open(folder).known(VOLUME));
  }

  @Test
  void aVolumeWithoutCursorsIsForgotten() throws IOException, FailureException {
    PeerCursors cursors = PeerCursors.open(folder);
    cursors.replace(VOLUME, Map.of(PEER, new Guid(1), NodeId.random(), new Guid(2)));
    assertEquals(2, cursors.of(VOLUME).size());
    cursors.replace(VOLUME, Map.of());
    assertEquals(Map.of(), PeerCursors.open(folder).of(VOLUME));
  }

  /** Each list of volumes shows them, so whatever changes a cursor has to change them with it. */
  @Test
  void whoHasCopiesIsKnownAfterEachChange() throws IOException, FailureException {
    NodeId last = NodeId.parse("ff7a1c3e-0f12-4d5a-9e8b-0123456789ab");
    PeerCursors cursors = PeerCursors.open(folder);
    assertEquals(List.of(), cursors.peers(VOLUME));

    cursors.move(VOLUME, last, new Guid(1));
    cursors.move(VOLUME, PEER, new Guid(1));
    assertEquals(List.of(PEER, last), cursors.peers(VOLUME));
    assertEquals(List.of(PEER, last), PeerCursors.open(folder).peers(VOLUME));

    cursors.forget(last);
    assertEquals(List.of(PEER), cursors.peers(VOLUME));
    PeerCursors.Known known = cursors.known(VOLUME);
    cursors.forget(VOLUME);
    assertEquals(List.of(), cursors.peers(VOLUME));
    cursors.put(VOLUME, known);
    assertEquals(List.of(PEER), cursors.peers(VOLUME));
    cursors.replace(VOLUME, Map.of(last, new Guid(2)));
    assertEquals(List.of(last), cursors.peers(VOLUME));
  }

  @Test
  void aFileThatNamesNoVolumeIsDamaged() throws IOException {
    Files.writeString(
        folder.resolve(PeerCursors.FILE), FILE.replace("0d9f7a52-1111", "0d9f7a52+1111"));

    IOException damaged = assertThrows(IOException.class, () -> PeerCursors.open(folder));

    assertTrue(
        String.valueOf(damaged.getMessage()).contains(PeerCursors.FILE), damaged.getMessage());
  }
}
