package io.flocker.http.server;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Certified;
import io.flocker.http.net.EventLoops;
import io.flocker.http.net.SocketOptions;
import io.flocker.http.route.Route;
import io.flocker.http.router.Authorizer;
import io.flocker.http.router.Router;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.tls.TlsContexts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Serves routes over mutual TLS, from {@link #start} to {@link #close}. Any thread may call. */
public final class HttpsServer implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  /** Callers who are being told that there are too many connections; one more is told nothing. */
  private static final int MOST_TURNED_AWAY = 64;

  private final HttpsServerSettings settings;
  private final TlsContexts tls;
  private final Exchanges exchanges;
  private final ChannelGroup connections;
  private final PendingHandshakes handshakes;
  private final RefusedHandshakes refusedHandshakes = new RefusedHandshakes();
  private final CallerConnections places;
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final Channel listener;

  private HttpsServer(
      HttpsServerSettings settings,
      TlsContexts tls,
      EventLoops loops,
      Collection<? extends Route> routes,
      Authorizer authorizer,
      RequestObserver observer)
      throws IOException {
    this.settings = settings;
    this.tls = tls;
    this.exchanges =
        new Exchanges(
            new Router(routes, authorizer),
            new JsonService(
                Dialect.STRICT, tls.self(), new SchemaGate(routes), Budgets.of(settings.limits())),
            settings.limits().bodyBytes(),
            settings.deadlines().silence(),
            observer);
    this.connections = new DefaultChannelGroup(loops.next(), true);
    this.handshakes =
        new PendingHandshakes(
            settings.limits().handshakes(), settings.limits().handshakesOfAddress());
    this.places = new CallerConnections(settings.limits().connections());
    this.listener = listen(loops);
  }

  /**
   * Starts to listen; the caller closes the server before the loops and the contexts. Every node of
   * the cluster counts as a peer.
   *
   * @throws IOException if the address cannot be bound
   * @throws IllegalArgumentException if two routes collide or a schema is missing
   */
  public static HttpsServer start(
      HttpsServerSettings settings,
      TlsContexts tls,
      EventLoops loops,
      Collection<? extends Route> routes)
      throws IOException {
    return start(settings, tls, loops, routes, _ -> true, RequestObserver.NONE);
  }

  /**
   * The same among strangers.
   *
   * @param isPeer whether a node of the cluster is one that this node works with; asked anew for
   *     every request
   * @param observer hears of every response
   */
  public static HttpsServer start(
      HttpsServerSettings settings,
      TlsContexts tls,
      EventLoops loops,
      Collection<? extends Route> routes,
      Predicate<NodeId> isPeer,
      RequestObserver observer)
      throws IOException {
    Authorizer authorizer = Authorizer.byRole(tls.self(), isPeer);
    return new HttpsServer(settings, tls, loops, routes, authorizer, observer);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** How many connections of known callers are open. */
  public int connections() {
    return connections.size();
  }

  /** How many connections have ended before their callers were let in, since the start. */
  public long refusedHandshakes() {
    return refusedHandshakes.count();
  }

  /**
   * Accepts no more, lets running requests and streams end for as long as the settings say, then
   * closes what is left.
   */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    handshakes.close();
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Ending.SERVER_CLOSES));
    connections.newCloseFuture().awaitUninterruptibly(settings.deadlines().drain().toMillis());
    connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  private Channel listen(EventLoops loops) throws IOException {
    ServerBootstrap bootstrap =
        SocketOptions.applyTo(new ServerBootstrap())
            .group(loops.group())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                });
    if (settings.passed().isPresent()) {
      return takeOver(settings.passed().getAsInt(), bootstrap);
    }
    ChannelFuture bound =
        bootstrap
            .channel(EpollServerSocketChannel.class)
            .bind(settings.bind())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "Cannot listen on " + settings.bind() + "; is another flockerd running?", bound.cause());
    }
    return bound.channel();
  }

  private Channel takeOver(int descriptor, ServerBootstrap bootstrap) throws IOException {
    ChannelFuture taken =
        bootstrap
            .channelFactory(() -> new EpollServerSocketChannel(descriptor))
            .register()
            .awaitUninterruptibly();
    if (!taken.isSuccess()) {
      throw new IOException("Cannot take over the socket that was passed", taken.cause());
    }
    SocketAddress where = taken.channel().localAddress(); // Of one that is not of TCP: anything.
    if (!(where instanceof InetSocketAddress address && isSame(address, settings.bind()))) {
      taken.channel().close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
      throw new IOException(
          "The socket that was passed listens on "
              + where
              + ", and the settings say "
              + settings.bind()
              + "; make them the same");
    }
    return taken.channel();
  }

  /** All addresses of a machine are the same however they are written. */
  private static boolean isSame(InetSocketAddress one, InetSocketAddress other) {
    boolean isEverywhere =
        one.getAddress().isAnyLocalAddress()
            && other.getAddress() != null
            && other.getAddress().isAnyLocalAddress();
    return one.getPort() == other.getPort()
        && (isEverywhere || one.getAddress().equals(other.getAddress()));
  }

  private void accept(Channel channel) {
    handshakes.begin(channel);
    SslHandler handler = tls.serverHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(settings.deadlines().handshake().toMillis());
    channel
        .pipeline()
        .addLast(
            new AlertLinger(),
            handler,
            new CallerGate(handler, caller -> serve(channel, caller), refusedHandshakes));
  }

  private Optional<HttpConnection> serve(Channel channel, Certified caller) {
    handshakes.end(channel);
    Optional<CallerConnections.Place> place = places.take(caller.principal().name(), channel);
    if (place.isEmpty() && !canBeRefused(channel)) {
      return Optional.empty();
    }
    connections.add(channel);
    channel.pipeline().remove(AlertLinger.class);
    return Optional.of(
        new HttpConnection(
            channel,
            Origin.remote(caller),
            exchanges,
            new RequestClock(settings.deadlines()),
            place,
            settings.limits().requestsOfConnection()));
  }

  /** Whether a caller who is one too many can still be told so; counts it among those then. */
  private boolean canBeRefused(Channel channel) {
    if (turnedAway.incrementAndGet() > MOST_TURNED_AWAY) {
      turnedAway.decrementAndGet();
      return false;
    }
    channel.closeFuture().addListener(_ -> turnedAway.decrementAndGet());
    return true;
  }
}
