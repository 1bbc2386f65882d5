package io.flocker.core.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Objects as columns hold them: JSON, written as the API writes them. */
final class StoredJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private StoredJson() {}

  static String write(Map<String, ?> members) {
    return MAPPER.writeValueAsString(members);
  }

  static Map<String, Object> members(String text) {
    return MAPPER.readValue(text, MEMBERS);
  }

  static Map<String, String> texts(String text) {
    return MAPPER.readValue(text, TEXTS);
  }

  static Optional<Map<String, Object>> optional(@Nullable String text) {
    return Optional.ofNullable(text).map(StoredJson::members);
  }
}
