package io.flocker.benchmarks;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.http.net.Buffers;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsEngine;
import io.flocker.http.tls.TlsSettings;
import io.flocker.http.tls.TlsVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Both ends of a TLS connection without sockets: our own contexts, Netty's handlers. */
public final class TlsPair implements AutoCloseable {
  private static final int FLIGHTS = 8;

  private final TlsContexts contexts;
  private final EmbeddedChannel client;
  private final EmbeddedChannel server;

  /** Shakes hands. */
  public TlsPair(TlsEngine engine) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create("benchmark", KeyAlgorithm.EC);
    contexts =
        TlsContexts.of(
            new TlsSettings(engine, TlsVersion.TLS_1_3, Duration.ofSeconds(10)),
            authority.issueNode(NodeId.random(), List.of("localhost")));
    server = new EmbeddedChannel(contexts.serverHandler(Buffers.pool()));
    client = new EmbeddedChannel(contexts.clientHandler(Buffers.pool(), "localhost", 1));
    for (int flight = 0; flight < FLIGHTS; flight++) {
      sent(client).forEach(server::writeInbound);
      sent(server).forEach(client::writeInbound);
      client.runPendingTasks();
      server.runPendingTasks();
    }
  }

  /** The records that {@code plain} makes at the client, which takes its release. */
  public List<ByteBuf> seal(ByteBuf plain) {
    client.writeOutbound(plain);
    return sent(client);
  }

  /** Opens {@code records} at the server; how many bytes they held. */
  public int open(List<ByteBuf> records) {
    records.forEach(server::writeInbound);
    int bytes = 0;
    for (ByteBuf opened = server.readInbound(); opened != null; opened = server.readInbound()) {
      bytes += opened.readableBytes();
      opened.release();
    }
    return bytes;
  }

  /** Gives everything back. */
  @Override
  public void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
    contexts.close();
  }

  private static List<ByteBuf> sent(EmbeddedChannel from) {
    List<ByteBuf> sent = new ArrayList<>(1);
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      sent.add(bytes);
    }
    return sent;
  }
}
