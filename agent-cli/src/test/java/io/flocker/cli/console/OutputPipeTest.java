package io.flocker.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputPipeTest {
  @Test
  void tellsAtOnceThatNobodyReads() {
    List<String> ends = new ArrayList<>();
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    PrintWriter out =
        new PrintWriter(new OutputPipe(closed, why -> ends.add(why.getMessage())), true, UTF_8);

    out.println("an event");

    assertEquals(List.of("Broken pipe"), ends);
  }
}
