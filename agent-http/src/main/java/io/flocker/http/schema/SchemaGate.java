package io.flocker.http.schema;

import com.networknt.schema.Schema;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.Body;
import io.flocker.http.route.Declaration;
import io.flocker.http.route.Route;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * Lets JSON bodies pass that fit their schema, in and out. A schema is compiled when the first body
 * comes that it is for, so that no start waits for all of them. Any thread may call.
 */
public final class SchemaGate {
  private final CompiledSchemas inputs = new CompiledSchemas(UnaryOperator.identity());
  private final CompiledSchemas outputs = new CompiledSchemas(ClosedObjects::in);

  /**
   * A gate for every schema that the routes name.
   *
   * @throws IllegalArgumentException if one is missing
   */
  public SchemaGate(Collection<? extends Route> routes) {
    for (Route route : routes) {
      Declaration said = route.declaration();
      said.request().flatMap(Body::schema).ifPresent(inputs::add);
      said.outputSchemas().forEach(outputs::add);
    }
  }

  /**
   * A gate for documents that are no body of a route, such as the data of events.
   *
   * @param names of the schemas
   * @throws IllegalArgumentException if one is missing
   */
  public static SchemaGate ofOutputs(Collection<String> names) {
    SchemaGate gate = new SchemaGate(List.of());
    names.forEach(gate.outputs::add);
    return gate;
  }

  /**
   * Checks what a caller sent.
   *
   * @throws FailureException {@code UNSUPPORTED_REQUIREMENT}, or {@code SCHEMA_VIOLATION} with the
   *     number of violations and the first 20 of them
   */
  public void checkInput(String name, JsonNode body) throws FailureException {
    Schema schema = inputs.get(name);
    Requirements.check(schema.getSchemaNode(), body);
    Violations found = validate(schema, body);
    if (found.size() > 0) {
      throw RequestFailure.SCHEMA_VIOLATION
          .because("The body breaks the schema " + name + " in " + found.size() + " places.")
          .with("count", found.size())
          .with("violations", found.told());
    }
  }

  /** What is wrong with an answer of ours, at most 20 things; empty if it may be sent. */
  public List<Violation> checkOutput(String name, JsonNode body) {
    return validate(outputs.get(name), body).told();
  }

  private static Violations validate(Schema schema, JsonNode body) {
    Violations found = new Violations();
    var _ = schema.validate(body, context -> context.setErrors(found));
    return found;
  }
}
