package io.flocker.core.deploy.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.event.Event;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigurationBookTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Principal USER = new Principal.User("alice");
  private static final Deployment WISH =
      new Deployment(List.of(Applications.PLAIN), List.of(NodeWish.of("a", List.of("web"))));
  private static final Deployment OTHER =
      new Deployment(List.of(Applications.PLAIN), List.of(NodeWish.of("b", List.of("web"))));

  /** Of a caller who has read what is there. */
  private static final ConfigurationBook.Condition NAMING =
      new ConfigurationBook.Condition() {
        @Override
        public void check(Configuration present) {
          // It is.
        }

        @Override
        public boolean namesPresent() {
          return true;
        }
      };

  private final FakeStore store = new FakeStore();
  private final List<Event> told = new ArrayList<>();
  private int wakened;
  private ConfigurationBook book = open();

  private static final class FakeStore implements ConfigurationStore {
    private Configuration kept = Configuration.NONE;
    private boolean isFull;

    @Override
    public Configuration read() {
      return kept;
    }

    @Override
    public void write(Configuration configuration) throws FailureException {
      if (isFull) {
        throw RequestFailure.STATE_UNAVAILABLE.because("the disk is full");
      }
      kept = configuration;
    }
  }

  @BeforeEach
  void listen() {
    book.onChange(() -> wakened++);
  }

  @Test
  void aWishCountsTheWishesUnlessItSaysItsNumber() throws Exception {
    assertEquals(Configuration.NONE, book.current());

    assertEquals(1, put(OptionalLong.empty(), WISH).generation());
    assertEquals(2, put(OptionalLong.empty(), OTHER).generation());
    Configuration last = put(OptionalLong.of(7), WISH);

    assertEquals(new Configuration(7, Optional.of(NOW), WISH), last);
    assertSame(last, book.current());
    assertEquals(last, open().current());
    assertEquals(
        List.of(1L, 2L, 7L), told.stream().map(e -> e.members().get("generation")).toList());
    assertEquals(3, wakened);
  }

  @Test
  void theSameWishAgainChangesNothing() throws Exception {
    Configuration first = put(OptionalLong.of(7), WISH);

    assertSame(first, put(OptionalLong.of(7), WISH));
    assertSame(first, put(OptionalLong.empty(), WISH));

    assertEquals(1, told.size());
    assertEquals(1, wakened);
  }

  @Test
  void aLaterNumberOfTheSameWishCounts() throws Exception {
    var _ = put(OptionalLong.of(7), WISH);

    assertEquals(8, put(OptionalLong.of(8), WISH).generation());
  }

  @Test
  void anOlderWishOrAnotherOfTheSameNumberIsRefused() throws Exception {
    Configuration seventh = put(OptionalLong.of(7), WISH);

    for (long generation : new long[] {6, 7, 0, -1}) {
      FailureException refusal =
          assertThrows(FailureException.class, () -> put(OptionalLong.of(generation), OTHER));
      assertEquals(RequestFailure.STALE_GENERATION, refusal.failure());
    }

    assertSame(seventh, book.current());
    assertEquals(seventh, store.kept);
    assertEquals(1, told.size());
  }

  @Test
  void aWishThatIsFarAheadIsRefusedSoThatAnotherMayAlwaysFollow() throws Exception {
    Configuration seventh = put(OptionalLong.of(7), WISH);

    for (long generation : new long[] {1_008, Configuration.MAX_GENERATION, Long.MAX_VALUE}) {
      FailureException refusal =
          assertThrows(FailureException.class, () -> put(OptionalLong.of(generation), OTHER));
      assertEquals(RequestFailure.GENERATION_BEYOND_REACH, refusal.failure());
    }

    assertSame(seventh, book.current());
    assertEquals(1_007, put(OptionalLong.of(1_007), OTHER).generation());
  }

  @Test
  void aNodeThatWasToldNothingTakesWhatLeavesRoomForMore() throws Exception {
    FailureException refusal =
        assertThrows(
            FailureException.class, () -> put(OptionalLong.of(Generations.HIGHEST_LEAP + 1), WISH));

    assertEquals(RequestFailure.GENERATION_BEYOND_REACH, refusal.failure());
    assertEquals(
        Generations.HIGHEST_LEAP,
        put(OptionalLong.of(Generations.HIGHEST_LEAP), WISH).generation());
    assertEquals(Generations.HIGHEST_LEAP + 1, put(OptionalLong.empty(), OTHER).generation());
  }

  @Test
  void whoNamesTheWishThatIsThereBringsItBackFromAnOutlandishNumber() throws Exception {
    store.kept = new Configuration(Configuration.MAX_GENERATION, Optional.of(NOW), WISH);
    book = open();

    FailureException refusal =
        assertThrows(FailureException.class, () -> put(OptionalLong.of(8), OTHER));
    assertEquals(RequestFailure.STALE_GENERATION, refusal.failure());
    assertTrue(refusal.detail().contains("If-Match"), refusal::detail);

    assertEquals(8, book.put(OptionalLong.of(8), OTHER, NAMING, USER).generation());
    assertEquals(8, open().current().generation());
    FailureException near =
        assertThrows(
            FailureException.class, () -> book.put(OptionalLong.of(7), WISH, NAMING, USER));
    assertEquals(RequestFailure.STALE_GENERATION, near.failure(), "a step back is no repair");
    FailureException far =
        assertThrows(
            FailureException.class,
            () -> book.put(OptionalLong.of(Configuration.MAX_GENERATION), WISH, NAMING, USER));
    assertEquals(RequestFailure.GENERATION_BEYOND_REACH, far.failure());
    assertEquals(5_000, book.put(OptionalLong.of(5_000), WISH, NAMING, USER).generation());
  }

  @Test
  void aFullDiskLeavesTheWishBefore() throws Exception {
    Configuration first = put(OptionalLong.empty(), WISH);
    store.isFull = true;

    FailureException refusal =
        assertThrows(FailureException.class, () -> put(OptionalLong.empty(), OTHER));

    assertEquals(RequestFailure.STATE_UNAVAILABLE, refusal.failure());
    assertSame(first, book.current());
    assertEquals(1, told.size());
    assertEquals(1, wakened);
    store.isFull = false;
    assertEquals(2, put(OptionalLong.empty(), OTHER).generation());
  }

  private Configuration put(OptionalLong generation, Deployment wish) throws FailureException {
    return book.put(generation, wish, ConfigurationBook.Condition.NONE, USER);
  }

  private ConfigurationBook open() {
    try {
      return ConfigurationBook.open(store, told::add, InstantSource.fixed(NOW));
    } catch (FailureException e) {
      throw new AssertionError(e);
    }
  }
}
