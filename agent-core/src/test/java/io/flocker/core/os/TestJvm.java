package io.flocker.core.os;

import java.nio.file.Path;

/** The Java that runs the tests, for those that start another like it. */
public final class TestJvm {
  private TestJvm() {}

  /** Its program. */
  public static String program() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Which of those that run tests at the same time it is, from 1: see the parent pom. */
  public static int number() {
    return Integer.getInteger("flocker.test.fork", 1);
  }

  /**
   * Where its classes are: under Surefire only Surefire's own jar is on {@code java.class.path}.
   */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
