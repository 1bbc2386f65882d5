package io.flocker.core.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Every JSON mapper that there is, by what it is for. Any thread. */
public final class JsonMappers {
  /** Depth at which a document from elsewhere is refused. */
  public static final int MAX_DEPTH = 64;

  /** Bodies are bounded where they are collected; this is the bound of the largest of them. */
  private static final long MAX_BYTES = 16L * 1024 * 1024;

  private static final long MAX_TOKENS = 2_000_000;

  /**
   * Files of the state folder and of {@code /etc/flocker}: every member of the record and no other,
   * in lines for people.
   */
  public static final JsonMapper FILE =
      strict(factory(StreamReadConstraints.defaults()))
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** What crosses a wire: bounded, members in their own order, absent where they have no value. */
  public static final JsonMapper WIRE =
      withoutAbsent(strict(factory(wireBounds(MAX_TOKENS))))
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  /** Columns of the store: written as the API writes; only we write them, in whatever length. */
  public static final JsonMapper COLUMN =
      withoutAbsent(strict(factory(StreamReadConstraints.defaults()))).build();

  private JsonMappers() {}

  /** A reader of what crosses a wire that gives up after {@code maxTokens} tokens. */
  public static TokenStreamFactory counting(long maxTokens) {
    return factory(wireBounds(maxTokens));
  }

  private static StreamReadConstraints wireBounds(long maxTokens) {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxDocumentLength(MAX_BYTES)
        .maxTokenCount(maxTokens)
        .build();
  }

  private static JsonFactory factory(StreamReadConstraints bounds) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(bounds)
        .build();
  }

  private static JsonMapper.Builder strict(JsonFactory factory) {
    return JsonMapper.builder(factory)
        .enable(
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  private static JsonMapper.Builder withoutAbsent(JsonMapper.Builder mapper) {
    return mapper
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .changeDefaultPropertyInclusion(
            inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT));
  }
}
