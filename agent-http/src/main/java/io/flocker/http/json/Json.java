package io.flocker.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.flocker.core.failure.Excerpt;
import io.flocker.core.json.JsonMappers;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

/** JSON as it crosses a wire: strict to read, and what is absent is left out. Any thread. */
public final class Json {
  /** Of a request: several times what the longest has, the list of 10,000 snapshots to keep. */
  private static final long MAX_REQUEST_TOKENS = 50_000;

  /**
   * What one takes in a tree, its share of maps and lists included; {@code [{},{},...]} is worst.
   */
  private static final long BYTES_A_TOKEN = 64;

  /** Text that is not of Latin 1 takes two bytes a character. */
  private static final long BYTES_A_CHARACTER = 2;

  /** "(start marker at ...)", ": enable `JsonReadFeature...` to allow", and the like. */
  private static final Pattern ASIDE =
      Pattern.compile("(?s)\\s*(\\(start marker|[:(,;][^:(,;]*(Feature|`)).*");

  /** Beyond it a number with a fraction or an exponent is none that anything here has. */
  private static final double TWO_TO_THE_63 = 0x1p63;

  private static final TokenStreamFactory COUNTING = JsonMappers.counting(MAX_REQUEST_TOKENS);

  /** Of a peer's answer: twice what the longest has, the view of a volume of 10,000 snapshots. */
  private static final TokenStreamFactory COUNTING_ANSWERS = JsonMappers.counting(250_000);

  private static final ObjectWriter SORTED =
      JsonMappers.WIRE.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private static final ObjectWriter PRETTY =
      JsonMappers.WIRE
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
   * @throws JacksonException if it is anything but one strict document
   */
  public static JsonNode read(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes));
  }

  /** The same for what remains in a buffer. */
  public static JsonNode read(ByteBuffer bytes) {
    return JsonMappers.WIRE.readTree(text(bytes));
  }

  /**
   * Reads what a peer answers, as {@link #read}; counts first how many parts it has.
   *
   * @throws JacksonException also if it has more than any answer that belongs here
   */
  public static JsonNode readAnswer(ByteBuffer bytes) {
    try (JsonParser parser =
        COUNTING_ANSWERS.createParser(ObjectReadContext.empty(), text(bytes))) {
      while (parser.nextToken() != null) {
        // The parser gives up by itself.
      }
    }
    return read(bytes);
  }

  /**
   * What the tree of a request will take of the heap, at most; counted without making it.
   *
   * @throws JacksonException if it is no JSON, or of more than 50,000 parts; if a number is beyond
   *     64 bits, or a text has half a character, which could not be kept as they are
   */
  public static long treeBytes(ByteBuffer bytes) {
    try (JsonParser parser = COUNTING.createParser(ObjectReadContext.empty(), text(bytes))) {
      long tokens = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens++;
        requireKept(parser, token);
      }
      return BYTES_A_CHARACTER * bytes.remaining() + BYTES_A_TOKEN * tokens;
    }
  }

  private static void requireKept(JsonParser parser, JsonToken token) {
    if (token == JsonToken.VALUE_NUMBER_FLOAT
        && !(Math.abs(parser.getDoubleValue()) < TWO_TO_THE_63)) {
      throw new StreamReadException(parser, "A number is beyond 64 bits");
    }
    boolean isText = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
    if (isText && hasHalfCharacter(parser.getString())) {
      throw new StreamReadException(parser, "A text has one half of a surrogate pair");
    }
  }

  private static boolean hasHalfCharacter(CharSequence text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /**
   * What is wrong with a document, in words for whoever sent it: no class of ours, no long text.
   */
  public static String complaint(JacksonException refusal) {
    String complaint =
        switch (refusal) {
          case StreamConstraintsException _ ->
              "it is nested deeper than %d levels, or longer than is read here"
                  .formatted(JsonMappers.MAX_DEPTH);
          case UnexpectedEndOfInputException _ -> "it ends too early";
          case StreamReadException syntax -> place(syntax.getLocation()) + words(syntax);
          case JacksonIOException _ -> "it is not UTF-8";
          default -> pointer(refusal) + " is not what belongs there, or something follows its end";
        };
    return Excerpt.of(complaint, Excerpt.OF_A_NAME);
  }

  /** Jackson would guess UTF-16 and UTF-32 too; JSON is UTF-8 (RFC 8259, section 8.1). */
  private static Reader text(ByteBuffer bytes) {
    ByteBuffer own = bytes.duplicate();
    InputStream stream =
        own.hasArray()
            ? new ByteArrayInputStream(
                own.array(), own.arrayOffset() + own.position(), own.remaining())
            : new ByteBufferBackedInputStream(own);
    return new InputStreamReader(stream, UTF_8.newDecoder());
  }

  private static String place(@Nullable TokenStreamLocation place) {
    return place == null
        ? ""
        : "line %d, column %d: ".formatted(place.getLineNr(), place.getColumnNr());
  }

  /** Jackson's words, up to where they name its settings or its parts. */
  private static String words(JacksonException refusal) {
    return ASIDE.matcher(refusal.getOriginalMessage()).replaceFirst("");
  }

  private static String pointer(JacksonException refusal) {
    String pointer =
        refusal.getPath().stream()
            .map(step ->
                "/" + (step.getPropertyName() == null ? step.getIndex() : step.getPropertyName()))
            .collect(joining());
    return pointer.isEmpty() ? "the document" : pointer;
  }

  /**
   * Reads a value out of a document; members that {@code type} does not have are ignored, and
   * {@code 1.0} is an integer, since a schema has decided already what may be there.
   *
   * @throws JacksonException if the document does not fit
   */
  public static <T> T convert(JsonNode document, Class<T> type) {
    return JsonMappers.WIRE
        .readerFor(type)
        .with(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(document);
  }

  /**
   * The same of what a peer answers, which no schema has judged: what the type has to have is
   * there, but for numbers and truth values.
   */
  public static <T> T convertAnswer(JsonNode document, Class<T> type) {
    return JsonMappers.WIRE
        .readerFor(type)
        .with(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(document);
  }

  /** A value as a document. */
  public static JsonNode tree(@Nullable Object value) {
    return JsonMappers.WIRE.valueToTree(value);
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
    return JsonMappers.WIRE.writeValueAsBytes(value);
  }
}
