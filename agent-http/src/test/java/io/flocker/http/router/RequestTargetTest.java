package io.flocker.http.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @Test
  void decodesSegmentsAndParameters() throws Exception {
    RequestTarget target = RequestTarget.parse("/a%20b/+/%e2%82%ac?x=1+2&x=%26&y&=z");

    assertEquals(List.of("a b", "+", "\u20ac"), target.segments());
    assertEquals(
        Map.of("x", List.of("1 2", "&"), "y", List.of(""), "", List.of("z")), target.query());
  }

  @Test
  void takesTheAbsoluteForm() throws Exception {
    assertEquals(List.of("a", "b"), RequestTarget.parse("https://node:4523/a/b").segments());
    assertEquals("/", RequestTarget.parse("https://node:4523").path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "**",
        "a/b",
        "",
        "/a%2fb",
        "/..",
        "/%2e%2e/x",
        "/.",
        "/%",
        "/%4",
        "/%g0",
        "/%00",
        "/%0a",
        "/%ff",
        "/%c0%af",
        "/?a=%",
        "/?a=%0d"
      })
  void refusesWhatCouldBeReadInTwoWays(String target) {
    FailureException failure =
        assertThrows(FailureException.class, () -> RequestTarget.parse(target));

    assertEquals(RequestFailure.MALFORMED_REQUEST, failure.failure());
  }

  @Test
  void boundsTheParameters() throws Exception {
    assertEquals(64, RequestTarget.parse("/?" + parameters(64)).query().size());
    assertThrows(FailureException.class, () -> RequestTarget.parse("/?" + parameters(65)));
  }

  private static String parameters(int count) {
    StringBuilder query = new StringBuilder("p0");
    for (int i = 1; i < count; i++) {
      query.append("&p").append(i);
    }
    return query.toString();
  }
}
