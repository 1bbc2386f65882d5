package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.NodeId;
import io.flocker.http.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** An {@link Agent} in a process of its own. */
final class AgentProcess implements AutoCloseable {
  private final NodeId node;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter orders;
  private final int port;

  private AgentProcess(NodeId node, Process process) throws IOException {
    this.node = node;
    this.process = process;
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    this.port = answer().path("port").asInt();
  }

  /**
   * Starts one.
   *
   * @param java the command and options of the product's own launcher
   * @param certificates where those of {@code node} are
   */
  static AgentProcess start(
      List<String> java, Path certificates, NodeId node, int loops, String engine)
      throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Agent.class.getName(),
            certificates.toString(),
            node.toString(),
            Integer.toString(loops),
            engine));
    return new AgentProcess(
        node, new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  NodeId node() {
    return node;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Starts {@code child} for every stream that comes from now on. */
  void sinkInto(List<String> child) throws IOException {
    var _ = ask(Order.sink(child));
  }

  /** The order to send to this. */
  Order orderTo(List<String> child, int streams, int repeat) {
    return new Order("send", child, port, node.toString(), streams, repeat);
  }

  /** This as one of several that receive. */
  Order.Target target() {
    return new Order.Target(port, node.toString());
  }

  /** Sends, and waits until all has arrived. */
  Sent send(Order order) throws IOException {
    return Json.convert(ask(order), Sent.class);
  }

  Tally tally() throws IOException {
    return Json.convert(ask(Order.tally()), Tally.class);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private synchronized JsonNode ask(Order order) throws IOException {
    orders.write(new String(Json.write(order), UTF_8));
    orders.newLine();
    orders.flush();
    return answer();
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("an agent has ended; what it said stands above");
    }
    return Json.read(line.getBytes(UTF_8));
  }
}
