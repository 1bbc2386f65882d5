package io.flocker.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final List<String> TYPES =
      Stream.concat(Arrays.stream(ActionType.values()), Arrays.stream(MessageType.values()))
          .map(String::valueOf)
          .toList();

  @Test
  void isTheOnlyWayToAType() {
    assertFalse(Modifier.isPublic(Message.class.getModifiers()));
    List<Class<?>> parameters =
        Arrays.stream(Action.class.getMethods())
            .filter(method -> method.getDeclaringClass() == Action.class)
            .<Class<?>>flatMap(RegistryTest::parameters)
            .toList();
    assertFalse(parameters.contains(String.class), "a type by its text could be unregistered");
  }

  @Test
  void hasEachTypeOnceInItsForm() {
    assertEquals(TYPES.size(), Set.copyOf(TYPES).size());
    for (String type : TYPES) {
      assertTrue(type.matches("(flocker|eliot)(:[a-z][a-z_-]*)+"), type);
    }
  }

  @Test
  void standsInFormats() throws IOException {
    StringBuilder formats = new StringBuilder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(""), "FORMATS*.md")) {
      for (Path file : files) {
        formats.append(Files.readString(file));
      }
    }
    for (String type : TYPES) {
      assertTrue(formats.indexOf("`" + type + "`") >= 0, type + " is missing in FORMATS.md");
    }
  }

  private static Stream<Class<?>> parameters(Method method) {
    return Arrays.stream(method.getParameterTypes());
  }
}
