package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/** Opens the appender that writes to a {@link LogTarget}; only the queue's thread may use it. */
final class Destination {
  private static final String TEMPLATE =
      """
      {
        "timestamp": {"$resolver": "timestamp", "epoch": {"unit": "secs"}},
        "fields": {"$resolver": "map", "flatten": true}
      }
      """;

  private static final Configuration CONFIGURATION = Silence.of(null);

  private Destination() {}

  /** Opens and starts the appender; the caller stops it. */
  static Appender open(LogTarget target) throws IOException {
    Appender appender =
        switch (target) {
          case LogTarget.Stdout _ -> new LineAppender(new Stdout(), layout());
          case LogTarget.File(Path path) ->
              new LineAppender(new RotatedFile(path.toAbsolutePath()), layout());
          case LogTarget.Journald(Path socket) -> new JournalAppender(socket, layout());
        };
    appender.start();
    return appender;
  }

  /** One line of UTF-8 JSON a message. Strings were cut before: {@link FieldCopy}. */
  static JsonTemplateLayout layout() {
    return JsonTemplateLayout.newBuilder()
        .setConfiguration(CONFIGURATION)
        .setCharset(UTF_8)
        .setEventTemplate(TEMPLATE)
        .setMaxStringLength(FieldCopy.MAX_MESSAGE)
        .setEventDelimiter("\n")
        .build();
  }

  /** Past System.out, which is captured. */
  private static final class Stdout implements LineAppender.Target {
    private final FileChannel channel = new FileOutputStream(FileDescriptor.out).getChannel();

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return channel.write(bytes);
    }

    @Override
    public void close() {
      // It is the process's, not ours.
    }
  }
}
