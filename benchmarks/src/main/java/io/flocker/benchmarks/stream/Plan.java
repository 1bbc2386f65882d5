package io.flocker.benchmarks.stream;

import java.util.List;

/**
 * How one rival is run, as commands of a shell.
 *
 * @param services what runs all the time
 * @param servicePorts where they listen
 * @param sinks what takes one stream each and ends with it
 * @param sinkPorts where they listen
 * @param clients what sends one stream each; the clock runs until all of these and all sinks end
 */
record Plan(
    List<String> services,
    List<Integer> servicePorts,
    List<String> sinks,
    List<Integer> sinkPorts,
    List<String> clients) {}
