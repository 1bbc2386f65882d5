package io.flocker.http.server;

import io.flocker.core.identity.Certified;
import io.flocker.core.identity.Principal;
import io.flocker.core.state.DurableFile;
import io.flocker.http.net.EventLoops;
import io.flocker.http.net.SocketOptions;
import io.flocker.http.route.Route;
import io.flocker.http.router.Authorizer;
import io.flocker.http.router.Router;
import io.flocker.http.schema.SchemaGate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Serves routes to the container engine of this machine, over a UNIX socket without TLS, from
 * {@link #start} to {@link #close}: who may open the socket, which only its owner may, counts as
 * this node's own commands. Any thread may call.
 */
public final class PluginServer implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  /** Docker asks again where an answer is cut off; the daemon's end does not wait for that. */
  private static final Duration DRAIN = Duration.ofMillis(500);

  /** See unix(7): sun_path has 108 bytes, with the final NUL. */
  private static final int LONGEST_PATH = 107;

  private static final String DRAFT = ".new";

  private final Path path;
  private final Certified caller;
  private final Exchanges exchanges;
  private final HttpsServerSettings.Limits limits;
  private final HttpsServerSettings.Deadlines deadlines;
  private final CallerConnections places;
  private final ChannelGroup connections;
  private final Channel listener;

  private PluginServer(
      Path path, Principal.Node self, EventLoops loops, Collection<? extends Route> routes)
      throws IOException {
    this.path = path;
    this.caller = Certified.plain(new Principal.Local(self.id()));
    this.limits = HttpsServerSettings.Limits.usual();
    this.deadlines = HttpsServerSettings.Deadlines.usual();
    this.exchanges =
        new Exchanges(
            new Router(routes, Authorizer.byRole(self, _ -> false)),
            new JsonService(
                Dialect.DOCKER_PLUGIN, self, new SchemaGate(routes), Budgets.of(limits)),
            limits.bodyBytes(),
            deadlines.silence(),
            RequestObserver.NONE);
    this.places = new CallerConnections(limits.connections());
    this.connections = new DefaultChannelGroup(loops.next(), true);
    this.listener = listen(loops);
  }

  /**
   * Starts to listen. A socket that a killed daemon has left is replaced; the folder is made, for
   * its owner alone, where there is none.
   *
   * @param path of the socket, absolute
   * @param self the node that serves
   * @throws IOException if nobody can listen there
   */
  public static PluginServer start(
      Path path, Principal.Node self, EventLoops loops, Collection<? extends Route> routes)
      throws IOException {
    return new PluginServer(path, self, loops, routes);
  }

  /** Accepts no more, lets running requests end for a moment, then closes what is left. */
  @Override
  public void close() {
    boolean _ = listener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Ending.SERVER_CLOSES));
    boolean _ = connections.newCloseFuture().awaitUninterruptibly(DRAIN.toMillis());
    boolean _ = connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    try {
      boolean _ = Files.deleteIfExists(path);
    } catch (IOException _) {
      // The next start replaces it.
    }
  }

  /** Nobody can connect before only the owner can: it gets its name once it has its mode. */
  private Channel listen(EventLoops loops) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + DRAFT);
    if (draft.toString().length() > LONGEST_PATH) {
      throw new IOException(path + " is too long for a UNIX socket");
    }
    Path folder = Objects.requireNonNull(path.getParent(), "an absolute path");
    if (folder.getParent() != null) {
      var _ = Files.createDirectories(folder.getParent()); // Such as the engine's own, for more.
    }
    DurableFile.createFolder(folder);
    boolean _ = Files.deleteIfExists(draft);
    ChannelFuture bound =
        bootstrap(loops).bind(new DomainSocketAddress(draft.toString())).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("Cannot listen on " + path, bound.cause());
    }
    try {
      var _ = Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
      var _ = Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      var _ = bound.channel().close();
      throw e;
    }
    return bound.channel();
  }

  private ServerBootstrap bootstrap(EventLoops loops) {
    return SocketOptions.applyToLocal(new ServerBootstrap())
        .group(loops.group())
        .channel(EpollServerDomainSocketChannel.class)
        .childHandler(
            new ChannelInitializer<EpollDomainSocketChannel>() {
              @Override
              protected void initChannel(EpollDomainSocketChannel channel) throws IOException {
                accept(channel);
              }
            });
  }

  private void accept(EpollDomainSocketChannel channel) throws IOException {
    long process = channel.peerCredentials().pid();
    Optional<CallerConnections.Place> place = places.take(caller.principal().name(), channel);
    connections.add(channel);
    new HttpConnection(
            channel,
            new Origin(caller, process > 0 ? OptionalLong.of(process) : OptionalLong.empty()),
            exchanges,
            new RequestClock(deadlines),
            place,
            limits.requestsOfConnection())
        .install(channel.pipeline());
  }
}
