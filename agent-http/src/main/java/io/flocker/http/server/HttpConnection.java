package io.flocker.http.server;

import io.flocker.core.failure.Excerpt;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Certified;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.http.net.SharedBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection's requests, one after the other. On its event loop only, but for {@link #execute}.
 *
 * <p>Reads from the socket only what the running exchange asks for. What one read has brought of
 * later requests waits in the decoder.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  /** What may wait for a slow caller of events, who would not be missed. */
  private static final WriteBufferWaterMark EVENTS_WATER =
      new WriteBufferWaterMark(16 * 1024, 64 * 1024);

  private static final long END_SECONDS = 5;
  private static final String OTHER = "other";
  private static final String NO_ROUTE = "none";

  private final Channel channel;
  private final Origin origin;
  private final Principal caller;
  private final Exchanges exchanges;
  private final RequestClock clock;
  private final Optional<CallerConnections.Place> place;
  private final int maxRequests;
  private final RequestDecoder decoder;

  private @Nullable Exchange exchange;
  private SharedBudget.Payment headPayment;
  private boolean isHead;
  private boolean isBodyShort;
  private boolean isBodyEnded;
  private boolean isResponded;
  private boolean isEndless;
  private boolean isClosing;
  private String method = OTHER;
  private String route = NO_ROUTE;
  private long begunNanos;
  private boolean isDraining;
  private int requests;
  private Throwable lossCause = new ClosedChannelException();

  /**
   * The connection of a caller.
   *
   * @param place its own among the caller's; empty for a connection too many, whose first request
   *     is refused
   * @param maxRequests how many requests it may bring
   */
  HttpConnection(
      Channel channel,
      Origin origin,
      Exchanges exchanges,
      RequestClock clock,
      Optional<CallerConnections.Place> place,
      int maxRequests) {
    this.channel = channel;
    this.origin = origin;
    this.caller = origin.certified().principal();
    this.exchanges = exchanges;
    this.clock = clock;
    this.place = place;
    this.maxRequests = maxRequests;
    this.decoder = new RequestDecoder(() -> exchanges.beginHead(caller));
    this.headPayment = decoder.takeHeadPayment();
  }

  void install(ChannelPipeline pipeline) {
    pipeline.addLast(clock, decoder, new HttpResponseEncoder(), this);
    channel.read();
  }

  Principal caller() {
    return caller;
  }

  /** The caller, with what his certificate says that he may. */
  Certified certified() {
    return origin.certified();
  }

  /** The caller's pid, if it is on this machine. */
  OptionalLong process() {
    return origin.process();
  }

  EventLoop eventLoop() {
    return channel.eventLoop();
  }

  /** Runs something on the event loop, if there still is one. Any thread. */
  void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException _) {
      // The daemon has ended its loops, and with them this connection.
    }
  }

  void read() {
    channel.read();
  }

  /** The request is for that route. */
  void routed(String routeMethod, String path) {
    method = routeMethod;
    route = path;
  }

  void awaitBody() {
    clock.awaitBody();
  }

  /** What the running request's head has cost. */
  SharedBudget.Payment headPayment() {
    return headPayment;
  }

  /** Another one gives back what the head has cost. */
  void handOverHead() {
    headPayment = decoder.takeHeadPayment();
  }

  /** Writes an interim 102 (RFC 2518, section 10.1); nothing once the final response is out. */
  void interim(Map<String, String> headers) {
    if (!isResponded) {
      FullHttpResponse response = interim(HttpResponseStatus.PROCESSING);
      headers.forEach(response.headers()::set);
      var _ = channel.writeAndFlush(response);
    }
  }

  /** Writes the failure's problem document as the final response. */
  void fail(FailureException failure) {
    respond(exchanges.refusal(failure));
  }

  /** Writes the final response; nothing if it is out already. */
  void respond(FinalResponse response) {
    if (isResponded) {
      return;
    }
    isResponded = true;
    headPayment.close();
    observe(response.status());
    isClosing |= !isBodyEnded && !isBodyShort;
    clock.awaitRequest();
    ChannelFuture written = channel.writeAndFlush(response.message(isHead, isClosing));
    if (isBodyEnded) {
      written.addListener(_ -> next());
    } else if (isBodyShort) {
      exchange = new SkippedBody(this, written);
    } else {
      exchange = null;
      channel.pipeline().replace(this, null, new BodyDiscarder());
    }
  }

  /** Whether the socket takes more, without anything piling up here. */
  boolean isWritable() {
    return channel.isWritable();
  }

  /** Begins a response of events, which ends with the connection. */
  void beginEvents() {
    isResponded = true;
    headPayment.close();
    isEndless = true;
    isClosing = true;
    observe(HttpResponseStatus.OK.code());
    channel.config().setWriteBufferWaterMark(EVENTS_WATER);
    var _ = channel.write(FinalResponse.headOfEvents());
  }

  /** Writes some of the events. */
  void write(String events) {
    ByteBuf text = ByteBufUtil.writeUtf8(channel.alloc(), events);
    var _ = channel.writeAndFlush(new DefaultHttpContent(text));
  }

  /** Ends the response of events; a caller that does not take its end is cut off. */
  void endEvents() {
    isEndless = false;
    var _ = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    var _ = channel.eventLoop().schedule(this::cutOff, END_SECONDS, TimeUnit.SECONDS);
    next();
  }

  /** This request is done with; takes the next one, which may be waiting already. */
  void next() {
    exchange = null;
    if (isClosing) {
      // Behind the response, should it still be on its way.
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    place.ifPresent(CallerConnections.Place::rest);
    clock.awaitRequest();
    if (decoder.isHolding()) {
      clock.begin();
    }
    try {
      if (decoder.proceed()) {
        readOn();
      }
    } catch (Exception e) {
      channel.pipeline().fireExceptionCaught(e);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case HttpRequest request -> begin(request);
      case HttpContent content -> take(content);
      default -> ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readOn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange running = exchange;
    exchange = null;
    if (running != null && (!isResponded || isEndless)) {
      running.disconnected(lossCause);
    }
    headPayment.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lossCause = cause;
    boolean isOfThePeer = cause instanceof IOException || cause instanceof CodecException;
    if (!isOfThePeer) {
      Action.traceback(cause);
    }
    var _ = ctx.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Ending.SERVER_CLOSES) {
      isClosing = true;
      isDraining = true;
      if (exchange == null && !clock.hasBegun()) {
        var _ = ctx.close();
      } else if (exchange != null) {
        exchange.draining();
      }
    } else if (event == Ending.MAKES_WAY) {
      isClosing = true;
      if (exchange == null) {
        var _ = ctx.close();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.writable();
    }
  }

  private void observe(int status) {
    Duration lasted = Duration.ofNanos(System.nanoTime() - begunNanos);
    exchanges.observer().responded(method, route, status, lasted);
  }

  private void cutOff() {
    var _ = channel.close();
  }

  private void readOn() {
    Exchange running = exchange;
    if (running == null || (isEndless && !decoder.isHolding())) {
      channel.read(); // A caller of events may say that it goes.
    } else if (!isBodyEnded) {
      guard(running, running::readComplete);
    }
  }

  private void begin(HttpRequest request) {
    clock.stop();
    place.ifPresent(CallerConnections.Place::work);
    headPayment = decoder.takeHeadPayment();
    isHead = false;
    isBodyShort = false;
    isBodyEnded = false;
    isResponded = false;
    method = OTHER;
    route = NO_ROUTE;
    begunNanos = System.nanoTime();
    requests++;
    isClosing |= !HttpUtil.isKeepAlive(request) || requests >= maxRequests || place.isEmpty();
    try {
      open(request);
    } catch (FailureException e) {
      logRefusal(request, e);
      fail(e);
    } catch (RuntimeException e) {
      reportIncident(e);
    } finally {
      ReferenceCountUtil.release(request);
    }
  }

  private void open(HttpRequest request) throws FailureException {
    RequestHead head = RequestHead.of(request, exchanges.dialect());
    boolean isContinueExpected = HttpUtil.is100ContinueExpected(request);
    isHead = head.isHead();
    isBodyShort =
        !head.isChunked()
            && !isContinueExpected
            && head.contentLength() <= exchanges.maxSkippedBytes();
    if (isDraining) {
      throw RequestFailure.SHUTTING_DOWN.because("The node answers no more requests.");
    }
    if (place.isEmpty()) {
      throw RequestFailure.TOO_MANY_CONNECTIONS.because(
          "As many connections are open as this node takes, of all callers or of yours, and none of"
              + " them is idle.");
    }
    if (head.isOptions()) {
      respond(exchanges.options(this, head));
      return;
    }
    Exchange opened = exchanges.open(this, head);
    if (isResponded) {
      return;
    }
    exchange = opened;
    if (isContinueExpected) {
      var _ = channel.writeAndFlush(interim(HttpResponseStatus.CONTINUE));
    }
  }

  private void take(HttpContent content) {
    isBodyEnded = content instanceof LastHttpContent && content.decoderResult().isSuccess();
    if (isBodyEnded && !isResponded) {
      clock.stop();
    }
    Exchange running = exchange;
    if (running == null) {
      content.release();
    } else {
      guard(running, () -> running.content(content));
    }
  }

  private void guard(Exchange running, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      running.disconnected(e);
      reportIncident(e);
    }
  }

  private void reportIncident(RuntimeException cause) {
    Action action = Action.startTask(ActionType.HTTP_REQUEST, Map.of("caller", caller.name()));
    fail(Incidents.report(action, cause));
    action.fail(cause);
  }

  private void logRefusal(HttpRequest request, FailureException failure) {
    Action.message(
        MessageType.HTTP_REFUSED,
        Map.of(
            "caller", caller.name(),
            "method", Excerpt.of(request.method().name(), Excerpt.OF_A_NAME),
            "target", Excerpt.of(request.uri(), Excerpt.OF_A_NAME),
            "problem", failure.failure().type(),
            "reason", Excerpt.of(failure.detail(), 2 * Excerpt.OF_A_NAME)));
  }

  private static FullHttpResponse interim(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
  }
}
