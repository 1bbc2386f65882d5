package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.appender.OutputStreamAppender;
import org.apache.logging.log4j.core.appender.RollingFileAppender;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/** Opens the appender that writes to a {@link LogTarget}; only the queue's thread may use it. */
final class Destination {
  /** 100 MiB: Log4j counts in powers of 1,024. As Flocker 1.15 had it. */
  private static final String ROTATE_AT = "100 MB";

  private static final String KEPT = "5";

  private static final String TEMPLATE =
      """
      {
        "timestamp": {"$resolver": "timestamp", "epoch": {"unit": "secs"}},
        "fields": {"$resolver": "map", "flatten": true}
      }
      """;

  private static final Configuration CONFIGURATION = new DefaultConfiguration();

  private Destination() {}

  /** Opens and starts the appender; the caller stops it. */
  static Appender open(LogTarget target) throws IOException {
    Appender appender =
        switch (target) {
          case LogTarget.Stdout _ -> stdout();
          case LogTarget.File(Path path) -> file(path);
          case LogTarget.Journald(Path socket) -> new JournalAppender(socket, layout());
        };
    appender.start();
    return appender;
  }

  /** One line of UTF-8 JSON a message. Strings were cut before: {@link FieldCopy}. */
  private static JsonTemplateLayout layout() {
    return JsonTemplateLayout.newBuilder()
        .setConfiguration(CONFIGURATION)
        .setCharset(UTF_8)
        .setEventTemplate(TEMPLATE)
        .setMaxStringLength(FieldCopy.MAX_MESSAGE)
        .setEventDelimiter("\n")
        .build();
  }

  /** Past System.out, which is captured. */
  private static Appender stdout() {
    return OutputStreamAppender.newBuilder()
        .setName("stdout")
        .setTarget(new FileOutputStream(FileDescriptor.out))
        .setLayout(layout())
        .setImmediateFlush(false)
        .setIgnoreExceptions(false)
        .build();
  }

  private static Appender file(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    probe(absolute);
    return RollingFileAppender.newBuilder()
        .setName("file")
        .setConfiguration(CONFIGURATION)
        .setFileName(absolute.toString())
        .setFilePattern(absolute + ".%i")
        .setFilePermissions("rw-r-----")
        .setPolicy(SizeBasedTriggeringPolicy.createPolicy(ROTATE_AT))
        .setStrategy(strategy())
        .setLayout(layout())
        .setImmediateFlush(false)
        .setIgnoreExceptions(false)
        .build();
  }

  /** Says why a file cannot be written, which Log4j keeps to itself. */
  private static void probe(Path path) throws IOException {
    try {
      Files.createDirectories(path.resolveSibling("."));
      Files.newByteChannel(path, CREATE, APPEND).close();
    } catch (IOException e) {
      throw new IOException("cannot write the log file " + path + ": " + e, e);
    }
  }

  private static DefaultRolloverStrategy strategy() {
    return DefaultRolloverStrategy.newBuilder()
        .setConfig(CONFIGURATION)
        .setFileIndex("min")
        .setMax(KEPT)
        .build();
  }
}
