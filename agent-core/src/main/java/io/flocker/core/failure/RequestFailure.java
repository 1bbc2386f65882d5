package io.flocker.core.failure;

/** What is wrong with a request, whatever it asks for. */
public enum RequestFailure implements Failure {
  MALFORMED_REQUEST(
      400,
      Side.CALLER,
      Retry.NEVER,
      "The request is not well formed",
      "Correct the request; the detail says where."),
  SCHEMA_VIOLATION(
      400,
      Side.CALLER,
      Retry.NEVER,
      "The body breaks its schema",
      "Correct every violation that is listed."),
  AMBIGUOUS_REFERENCE(
      400,
      Side.CALLER,
      Retry.NEVER,
      "What is named can be several things",
      "Say a name, or more of the id: the detail says what there is."),
  UNSUPPORTED_REQUIREMENT(
      400,
      Side.CALLER,
      Retry.NEVER,
      "The request demands something this version does not know",
      "Upgrade the node that answers."),
  FORBIDDEN(
      403,
      Side.CALLER,
      Retry.NEVER,
      "This certificate may not do that",
      "Use a certificate of the role that the route asks for."),
  NOT_A_PEER(
      403,
      Side.CALLER,
      Retry.NEVER,
      "The node that is asked does not count the asking node among its peers",
      "Where the two shall work together, tell the node that the problem names where the asking one"
          + " is: flocker peer add, or PUT /v1/peers/{node-uuid}."),
  NOT_FOUND(404, Side.CALLER, Retry.NEVER, "There is nothing here", "Check the path and the id."),
  METHOD_NOT_ALLOWED(
      405,
      Side.CALLER,
      Retry.NEVER,
      "The path exists, the method does not",
      "Use a method of the Allow header."),
  NOT_ACCEPTABLE(
      406,
      Side.CALLER,
      Retry.NEVER,
      "No offered media type is accepted",
      "Accept application/json."),
  PRECONDITION_FAILED(
      412,
      Side.CALLER,
      Retry.RE_PLAN,
      "What the request is about has changed since it was read",
      "Read it again, and decide anew with its new ETag."),
  STALE_GENERATION(
      409,
      Side.CALLER,
      Retry.RE_PLAN,
      "The node was told a later wish, or another one of that generation",
      "Read the configuration, and give a wish that is still wanted a higher generation."),
  GENERATION_BEYOND_REACH(
      409,
      Side.CALLER,
      Retry.RE_PLAN,
      "The generation is further from the present one than is believed",
      "Read the configuration, and give the wish the generation after it. Where the node's own"
          + " generation is the wrong one, send If-Match with the ETag that was read."),
  NOT_WISHED_HERE(
      409,
      Side.CALLER,
      Retry.LATER,
      "The node's wish does not have the application run there",
      "Tell every node the same wish: flocker deploy --again tells those that lack it."),
  BODY_TOO_LARGE(
      413,
      Side.CALLER,
      Retry.NEVER,
      "The body is larger than the route takes",
      "Send less, or use the streaming route."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      Side.CALLER,
      Retry.NEVER,
      "The body has another media type or coding than the route takes",
      "Send the Content-Type that the route declares, JSON as UTF-8, and nothing compressed."),
  EXPECTATION_FAILED(
      417,
      Side.CALLER,
      Retry.NEVER,
      "The expectation is unknown",
      "Only 100-continue can be expected."),
  HEADERS_TOO_LARGE(
      431,
      Side.CALLER,
      Retry.NEVER,
      "The request line or the headers are too long",
      "Shorten them, or send fewer."),
  TOO_MANY_REQUESTS(
      429,
      Side.CALLER,
      Retry.LATER,
      "Too much is asked at once",
      "Wait as long as Retry-After says."),
  KEY_REUSED(
      422,
      Side.CALLER,
      Retry.NEVER,
      "The key was used for another request",
      "Use a new Idempotency-Key for each thing that is asked."),
  KEY_IN_USE(
      409,
      Side.CALLER,
      Retry.LATER,
      "The request with this key is being served",
      "Wait as long as Retry-After says, then ask again with the same key."),
  OUTCOME_UNKNOWN(
      409,
      Side.NODE,
      Retry.NEVER,
      "Nobody knows what became of the request with this key",
      "Look at what is there; ask again with a new key if it was not done."),
  INTERNAL_ERROR(
      500,
      Side.NODE,
      Retry.NEVER,
      "The node failed in a way nobody foresaw",
      "Look for the incident id in the node's log."),
  HTTP_VERSION_UNSUPPORTED(
      505, Side.CALLER, Retry.NEVER, "The version of HTTP is not spoken here", "Speak HTTP/1.1."),
  NO_ROOM_FOR_BODY(
      503,
      Side.NODE,
      Retry.LATER,
      "The node has no room for the body now",
      "Wait as long as Retry-After says; send fewer large bodies at once."),
  NODE_BUSY(
      503,
      Side.NODE,
      Retry.LATER,
      "The node serves as much at once as it can",
      "Wait as long as Retry-After says."),
  TOO_MANY_CONNECTIONS(
      503,
      Side.NODE,
      Retry.LATER,
      "The node has as many connections as it takes",
      "Wait as long as Retry-After says, or close some of yours; flocker_http_connections tells how"
          + " many there are."),
  SHUTTING_DOWN(503, Side.NODE, Retry.LATER, "The node is stopping", "Try again once it is back."),
  STATE_UNAVAILABLE(
      503,
      Side.NODE,
      Retry.LATER,
      "The node cannot read or write what it has to remember",
      "Look at the file system of the node's state folder: it may be full, read-only or slow.");

  private final Traits traits;

  RequestFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
