package io.flocker.http.api;

import io.flocker.core.event.EventFilter;
import io.flocker.core.event.EventHub;
import io.flocker.core.event.EventId;
import io.flocker.core.event.EventType;
import io.flocker.core.event.Subscription;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Permissions;
import io.flocker.http.event.SubscribedEvents;
import io.flocker.http.route.EventRequest;
import io.flocker.http.route.EventRoute;
import io.flocker.http.route.EventSource;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What happens on the node, as it happens. On event loops; never blocks. */
public final class EventRoutes {
  private static final String LAST = "Last-Event-ID";

  private final EventHub hub;
  private final NamedVolumes volumes;
  private final Permissions permissions;
  private final Duration pace;

  /**
   * The route over {@code hub}.
   *
   * @param volumes those of the node, by which events are asked for
   * @param permissions who may hear of what is not for everybody
   * @param pace how long a caller may be left without a sign of life
   */
  public EventRoutes(EventHub hub, NamedVolumes volumes, Permissions permissions, Duration pace) {
    this.hub = hub;
    this.volumes = volumes;
    this.permissions = permissions;
    this.pace = pace;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        EventRoute.get("listenToEvents", "/v1/events")
            .permits("event:read", Route.PUBLIC)
            .summary("Listen to events")
            .description(
                "Tells what happens for as long as you listen, as server-sent events; of operations"
                    + " those that you may see. Come back with Last-Event-ID and you get what you"
                    + " missed, or a gap event that says from where on nothing is missing.")
            .heeds(
                Parameter.query(
                        "type",
                        "eventType",
                        "Only those of this type, or of all types of this family; may be repeated.")
                    .repeatable(),
                NamedVolumes.parameter("Only those about this volume; may be repeated.")
                    .repeatable(),
                Parameter.header(LAST, "eventId", "The id of the last event that you have got."))
            .answersEvents("event")
            .refuses(
                RequestFailure.TOO_MANY_REQUESTS,
                OwnershipFailure.VOLUME_NOT_FOUND,
                RequestFailure.AMBIGUOUS_REFERENCE,
                StorageFailure.POOL_UNAVAILABLE)
            .listenedTo(this::listen));
  }

  private EventSource listen(EventRequest request, Runnable ready) throws FailureException {
    EventFilter filter =
        new EventFilter(request.caller(), permissions, types(request), lineages(request));
    Optional<EventId> after = last(request);
    Subscription subscription = hub.subscribe(filter, after, ready);
    return new SubscribedEvents(subscription, pace);
  }

  private static Optional<EventId> last(EventRequest request) throws FailureException {
    Optional<String> text =
        Optional.ofNullable(request.headers().get(LAST.toLowerCase(Locale.ROOT)))
            .filter(id -> !id.isEmpty());
    try {
      return text.map(EventId::parse);
    } catch (IllegalArgumentException e) {
      throw malformed(LAST, e);
    }
  }

  private static Set<EventType> types(EventRequest request) throws FailureException {
    Set<EventType> types = new HashSet<>();
    try {
      said(request, "type").forEach(text -> types.addAll(EventType.parse(text)));
    } catch (IllegalArgumentException e) {
      throw malformed("type", e);
    }
    return types;
  }

  private Set<VolumeId> lineages(EventRequest request) throws FailureException {
    Set<VolumeId> lineages = new HashSet<>();
    for (String text : said(request, "volume")) {
      lineages.add(volumes.lineage(text));
    }
    return lineages;
  }

  private static List<String> said(EventRequest request, String name) {
    return request.query().getOrDefault(name, List.of());
  }

  private static FailureException malformed(String name, IllegalArgumentException why) {
    return RequestFailure.MALFORMED_REQUEST.because(name + ": " + why.getMessage());
  }
}
