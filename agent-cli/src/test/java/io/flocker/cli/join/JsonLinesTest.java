package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.join.JoinMessages.Answer;
import io.flocker.cli.join.JoinMessages.Outcome;
import io.flocker.cli.join.JoinMessages.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  @ParameterizedTest
  @ValueSource(classes = {Request.class, Answer.class, Outcome.class})
  void whatIsNothingIsNotUnderstood(Class<?> type) {
    InputStream sent = new ByteArrayInputStream("null\n".getBytes(UTF_8));

    IOException refusal = assertThrows(IOException.class, () -> JsonLines.read(sent, type, 100));

    assertTrue(String.valueOf(refusal.getMessage()).startsWith("what was sent is not understood"));
  }
}
