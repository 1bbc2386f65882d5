package io.flocker.cli.it;

import io.flocker.core.pki.Credentials;
import io.flocker.core.stream.Proof;
import io.flocker.http.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.zip.CRC32C;

/** A chunked body that a test writes as truly or falsely as it likes. One thread. */
final class ForgedBody implements AutoCloseable {
  private final RawConnection connection;
  private final CRC32C checksum = new CRC32C();
  private long bytes;

  private ForgedBody(RawConnection connection) {
    this.connection = connection;
  }

  static ForgedBody begin(Credentials credentials, TestNode node, String path) throws IOException {
    RawConnection connection =
        RawConnection.open(
            credentials, new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
    connection.send(
        """
        PUT %s HTTP/1.1\r
        Host: %s\r
        Content-Type: application/octet-stream\r
        Transfer-Encoding: chunked\r
        Trailer: %s\r
        \r
        """
            .formatted(path, node.address(), Proof.TRAILER));
    return new ForgedBody(connection);
  }

  /** Sends a part of the body. */
  ForgedBody chunk(byte[] part) throws IOException {
    checksum.update(part);
    bytes += part.length;
    connection.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
    return this;
  }

  /** What an honest sender would say of all that was sent. */
  Proof proof() {
    return new Proof(0, bytes, (int) checksum.getValue());
  }

  /** Ends the body with a proof, honest or not, and returns the answer. */
  Reply end(Proof proof) throws IOException {
    connection.send("0\r\n" + Proof.TRAILER + ": " + proof + "\r\n\r\n");
    return answer();
  }

  /** Ends the body without any proof, and returns the answer. */
  Reply endUnproven() throws IOException {
    connection.send("0\r\n\r\n");
    return answer();
  }

  /** The answer, which may come early. */
  Reply answer() throws IOException {
    RawConnection.Response response = connection.response();
    while (response.status() < 200) { // RFC 9110, section 15.2: interim
      response = connection.response();
    }
    return Reply.of(response.status(), response.body());
  }

  /** Ends the connection in the midst of it all. */
  void cut() throws IOException {
    connection.reset();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
