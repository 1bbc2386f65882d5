package io.flocker.http.peer;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;

/** Resolves names as the machine does, on a virtual thread, since that blocks. */
final class VirtualThreadResolver extends AddressResolverGroup<InetSocketAddress> {
  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Names(executor).asAddressResolver();
  }

  private static final class Names extends InetNameResolver {
    Names(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String host, Promise<InetAddress> promise) {
      resolve(host, promise, addresses -> addresses.getFirst());
    }

    @Override
    protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
      resolve(host, promise, addresses -> addresses);
    }

    private static <T> void resolve(
        String host, Promise<T> promise, Function<List<InetAddress>, T> choice) {
      var _ =
          Thread.ofVirtual()
              .name("resolve-" + host)
              .start(() -> {
                try {
                  List<InetAddress> all = List.of(InetAddress.getAllByName(host));
                  promise.trySuccess(choice.apply(all));
                } catch (UnknownHostException e) {
                  promise.tryFailure(e);
                }
              });
    }
  }
}
