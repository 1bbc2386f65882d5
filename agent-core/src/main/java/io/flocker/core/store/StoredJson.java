package io.flocker.core.store;

import io.flocker.core.deploy.Deployment;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.replicate.policy.Policy;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Objects as columns hold them: JSON, written as the API writes them. */
final class StoredJson {
  private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private StoredJson() {}

  static String write(Map<String, ?> members) {
    return JsonMappers.COLUMN.writeValueAsString(members);
  }

  static String write(Deployment deployment) {
    return JsonMappers.COLUMN.writeValueAsString(deployment);
  }

  static String write(Policy policy) {
    return JsonMappers.COLUMN.writeValueAsString(policy);
  }

  static Policy policy(String text) {
    return JsonMappers.COLUMN.readValue(text, Policy.class);
  }

  static Deployment deployment(String text) {
    return JsonMappers.COLUMN.readValue(text, Deployment.class);
  }

  static Map<String, Object> members(String text) {
    return JsonMappers.COLUMN.readValue(text, MEMBERS);
  }

  static Map<String, String> texts(String text) {
    return JsonMappers.COLUMN.readValue(text, TEXTS);
  }

  static Optional<Map<String, Object>> optional(@Nullable String text) {
    return Optional.ofNullable(text).map(StoredJson::members);
  }
}
