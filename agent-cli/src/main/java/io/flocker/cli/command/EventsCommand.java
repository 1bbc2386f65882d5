package io.flocker.cli.command;

import io.flocker.cli.console.PlainText;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.client.EventStream;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.NodeEvent;
import io.flocker.http.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code flocker events}. */
@Command(
    name = "events",
    description = "Tells what happens on the node, as it happens, until it is interrupted.")
final class EventsCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only such events: snapshot.taken, or snapshot for the family; may be repeated")
  private List<String> types = new ArrayList<>();

  @Option(
      names = "--volume",
      paramLabel = "VOLUME",
      description = "Only what is about this volume, by name or id; may be repeated")
  private List<VolumeReference> volumes = new ArrayList<>();

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Begin behind this event; else with what happens from now on")
  private @Nullable String after;

  @Option(names = "--count", paramLabel = "N", description = "End after so many events")
  private long count = Long.MAX_VALUE;

  EventsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    session.environment().endOnceUnread();
    try (FlockerClient node = session.connect()) {
      List<VolumeId> ids = new ArrayList<>();
      for (VolumeReference volume : volumes) {
        ids.add(
            volume instanceof VolumeReference.ById(VolumeId id) ? id : node.volume(volume).id());
      }
      try (EventStream events = node.events(types, ids, Optional.ofNullable(after))) {
        for (long told = 0; told < count; told++) {
          tell(events.next());
        }
      }
      return ExitCode.DONE;
    }
  }

  /** One line an event, also as JSON, or one document: so that other programs can follow. */
  private void tell(NodeEvent event) {
    if (session.isDocument()) {
      session.environment().out().println(document(event));
    } else {
      session.say(line(event.data()));
    }
    session.environment().out().flush();
  }

  private String document(NodeEvent event) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", event.id());
    event.data().properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return session.format() == OutputFormat.YAML
        ? "---\n" + session.text(members)
        : PlainText.ofJson(Json.tree(members).toString());
  }

  private static String line(JsonNode data) {
    String rest =
        data.properties().stream()
            .filter(member -> !member.getKey().equals("type") && !member.getKey().equals("time"))
            .map(member -> text(member.getKey(), member.getValue()))
            .collect(Collectors.joining(" "));
    return data.path("time").asString("") + " " + data.path("type").asString("") + " " + rest;
  }

  private static String text(String name, JsonNode value) {
    return name + "=" + (value.isString() ? value.stringValue() : value.toString());
  }
}
