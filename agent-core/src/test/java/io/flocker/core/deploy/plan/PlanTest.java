package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.A;
import static io.flocker.core.deploy.plan.Scene.B;
import static io.flocker.core.deploy.plan.Scene.at;
import static io.flocker.core.deploy.plan.Scene.mount;
import static io.flocker.core.deploy.plan.Scene.plain;
import static io.flocker.core.deploy.plan.Scene.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.json.JsonMappers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PlanTest {
  @Test
  @DisplayName("80 of what shares an object each change waits for those before it, and so in order")
  void waitsForWhatSharesAnObject() {
    Application sized = plain("db").with().volumes(List.of(mount("db", 5))).build();
    Plan plan = new Scene().wish(B, sized).runs(with("db", "db")).owns("db").plan();

    assertEquals(
        List.of(
            "1 resize db []",
            "2 prepare db at B [1]",
            "3 push db to B [2]",
            "4 stop db [2, 3]",
            "5 hand off db to B [4]"),
        lines(plan));
  }

  @Test
  @DisplayName("81 what shares nothing waits for nothing, so that a failure stops nobody else")
  void waitsForNothingElse() {
    Plan plan =
        new Scene()
            .wish(B, with("x", "x"))
            .wish(A, with("y", "y"), plain("z"))
            .runs(with("x", "x"))
            .owns("x")
            .owns(B, "y")
            .plan();

    assertEquals(
        List.of(
            "1 prepare x at B []",
            "2 push x to B [1]",
            "3 stop x [1, 2]",
            "4 hand off x to B [3]",
            "5 await y elsewhere []",
            "6 start y [5]",
            "7 start z []"),
        lines(plan));
  }

  @Test
  @DisplayName("C12 what a dry run shows is what is done, as JSON that is the same each time")
  void isJson() {
    Scene scene =
        new Scene()
            .wish(B, at("web", 80).with().volumes(List.of(mount("web"))).build())
            .wish("nowhere.example", plain("lost"))
            .owns("web", java.util.OptionalLong.of(9));

    assertEquals(
        """
        {
          "generation" : 7,
          "isEmpty" : false,
          "phases" : [ {
            "phase" : "resize",
            "steps" : [ {
              "number" : 1,
              "text" : "resize default.web from 9 bytes to no limit",
              "waitsFor" : [ ],
              "change" : {
                "kind" : "resize-volume",
                "volume" : {
                  "name" : "default.web",
                  "id" : "%s"
                },
                "fromBytes" : 9
              }
            } ]
          }, {
            "phase" : "push",
            "steps" : [ {
              "number" : 2,
              "text" : "push default.web to node %s, while it is used here",
              "waitsFor" : [ 1 ],
              "change" : {
                "kind" : "push-volume",
                "volume" : {
                  "name" : "default.web",
                  "id" : "%s"
                },
                "to" : "%s"
              }
            } ]
          }, {
            "phase" : "hand-off",
            "steps" : [ {
              "number" : 3,
              "text" : "hand default.web off to node %s",
              "waitsFor" : [ 2 ],
              "change" : {
                "kind" : "hand-off-volume",
                "volume" : {
                  "name" : "default.web",
                  "id" : "%s"
                },
                "to" : "%s"
              }
            } ]
          }, {
            "phase" : "route",
            "steps" : [ {
              "number" : 4,
              "text" : "lead 80/tcp to 10.0.0.2",
              "waitsFor" : [ ],
              "change" : {
                "kind" : "set-routes",
                "routing" : {
                  "routes" : [ {
                    "port" : {
                      "protocol" : "tcp",
                      "number" : 80
                    },
                    "to" : "10.0.0.2"
                  } ],
                  "open" : [ ]
                }
              }
            } ]
          } ],
          "obstacles" : [ {
            "kind" : "node-unknown",
            "subject" : "application lost",
            "text" : "lost shall run on nowhere.example, which is neither this node nor a peer of it: tell it with flocker peer add"
          } ]
        }\
        """
            .formatted(Scene.id("web"), B, Scene.id("web"), B, B, Scene.id("web"), B),
        json(scene.plan()));
  }

  @Test
  @DisplayName("C12 an application's changes show its name, volumes, ports and every reason")
  void tellsOfApplications() {
    Scene scene = new Scene().runs(at("web", 80)).wish(A, with("db", "db")).owns("db");
    JsonNode plan = JsonMappers.WIRE.valueToTree(scene.plan());
    JsonNode stop = plan.at("/phases/0/steps/0/change");
    JsonNode start = plan.at("/phases/1/steps/0/change");

    assertEquals(
        Set.of("kind", "application", "volumes", "ports", "reasons"),
        Set.copyOf(stop.propertyNames()));
    assertEquals(Set.copyOf(stop.propertyNames()), Set.copyOf(start.propertyNames()));
    assertEquals("stop-application", stop.path("kind").asString());
    assertEquals("web", stop.path("application").asString());
    assertEquals(80, stop.at("/ports/0/number").asInt());
    assertEquals("not-wished", stop.at("/reasons/0/kind").asString());
    assertEquals("default.db", start.at("/volumes/0/name").asString());
  }

  @Test
  void theOrderOfWhatWasFoundChangesNothing() {
    String expected = json(scene(new Random(0), false).plan());

    for (int seed = 1; seed < 20; seed++) {
      assertEquals(expected, json(scene(new Random(seed), true).plan()));
    }
  }

  @Test
  void theWaysToWaitAreNoCircle() {
    Plan plan = scene(new Random(0), false).plan();

    assertTrue(plan.steps().count() > 10);
    plan.steps()
        .forEach(step ->
            assertTrue(
                step.waitsFor().stream().allMatch(number -> number < step.number()),
                step::toString));
  }

  private static Scene scene(Random random, boolean isShuffled) {
    List<Runnable> said = new ArrayList<>();
    Scene scene = new Scene();
    for (String name : List.of("a", "b", "c", "d")) {
      said.add(() -> scene.wish(A, with(name, name)));
      said.add(() -> scene.wish(B, with("to-" + name, "to-" + name)));
      said.add(() -> scene.runs(with("to-" + name, "to-" + name)));
      said.add(() -> scene.owns("to-" + name));
      said.add(() -> scene.runs(plain("old-" + name)));
    }
    if (isShuffled) {
      Collections.shuffle(said, random);
    }
    said.forEach(Runnable::run);
    return scene;
  }

  private static List<String> lines(Plan plan) {
    return plan.steps()
        .map(step -> step.number() + " " + Scene.summary(step.change()) + " " + step.waitsFor())
        .toList();
  }

  private static String json(Plan plan) {
    return JsonMappers.WIRE.writerWithDefaultPrettyPrinter().writeValueAsString(plan);
  }
}
