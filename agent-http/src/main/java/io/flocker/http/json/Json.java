package io.flocker.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper: strict to read, and what is absent is left out. Any thread may call. */
public final class Json {
  /** Depth at which a document is refused. */
  private static final int MAX_DEPTH = 64;

  /** Bodies are bounded where they are collected; this is the bound of the largest of them. */
  private static final long MAX_BYTES = 16L * 1024 * 1024;

  private static final long MAX_TOKENS = 2_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_BYTES)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private static final ObjectWriter SORTED =
      MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private static final ObjectWriter PRETTY =
      MAPPER
          .writer()
          .with(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(LINES)
                  .withArrayIndenter(LINES));

  private Json() {}

  /**
   * Reads one document; a missing node if there are no bytes.
   *
   * @throws tools.jackson.core.JacksonException if it is anything but one strict document
   */
  public static JsonNode read(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes));
  }

  /** The same for what remains in a buffer. */
  public static JsonNode read(ByteBuffer bytes) {
    try {
      // Jackson would guess UTF-16 and UTF-32 too; JSON travels as UTF-8 (RFC 8259, section 8.1).
      return MAPPER.readTree(UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw new StreamReadException(null, "it is not UTF-8", e);
    }
  }

  /**
   * Reads a value out of a document; members that {@code type} does not have are ignored, since a
   * schema has decided already whether they may be there.
   *
   * @throws tools.jackson.core.JacksonException if the document does not fit
   */
  public static <T> T convert(JsonNode document, Class<T> type) {
    return MAPPER
        .readerFor(type)
        .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(document);
  }

  /** A value as a document. */
  public static JsonNode tree(@Nullable Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A document so that two with the same members are the same text, whatever their order. */
  public static String canonical(JsonNode document) {
    return SORTED.writeValueAsString(document);
  }

  /** A document as people like to read it. */
  public static String pretty(JsonNode document) {
    return PRETTY.writeValueAsString(document);
  }

  /** A value as UTF-8. */
  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }
}
