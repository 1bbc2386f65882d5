package io.flocker.core.deploy.format;

import io.flocker.core.deploy.NodeWish;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flocker's deployment file, version 1: which node runs what. */
final class DeploymentFormat {
  /**
   * What each node shall run.
   *
   * @param lines of the nodes
   */
  record Placement(String file, Map<String, Integer> lines, List<NodeWish> nodes) {
    /** Whose part a field of that node is. */
    static String subject(String node) {
      return "node " + node;
    }
  }

  private DeploymentFormat() {}

  /** Reads one, for the applications that another file defines. */
  static Placement read(Field document, Definitions definitions) {
    Fields top = document.mapping();
    FlockerFormat.requireVersion(top);
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<NodeWish> wishes = new ArrayList<>();
    top.require("nodes")
        .map(Field::mapping)
        .ifPresent(nodes ->
            nodes
                .all()
                .forEach((node, field) -> {
                  lines.put(node, nodes.line(node));
                  Field own = field.ownedBy(Placement.subject(node));
                  List<String> names = names(own, definitions);
                  own.attempt(() -> NodeWish.of(node, names)).ifPresent(wishes::add);
                }));
    return new Placement(document.file(), lines, wishes);
  }

  private static List<String> names(Field field, Definitions definitions) {
    List<String> names = new ArrayList<>();
    for (Field item : field.items()) {
      item.text()
          .ifPresent(name -> {
            if (!definitions.lines().containsKey(name)) {
              item.refuse(
                  "is the application " + name + ", which " + definitions.file() + " has not");
            } else if (names.contains(name)) {
              item.refuse("is the application " + name + " again");
            } else {
              names.add(name);
            }
          });
    }
    return names;
  }
}
