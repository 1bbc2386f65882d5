package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On OpenZFS a readonly that is set again makes all writable mounts below read-only. */
class PoolGuardTest {
  private final FakeZfs fake;
  private final ZfsStorage storage;

  PoolGuardTest(@TempDir Path folder) {
    fake = new FakeZfs(folder).answers("set", "exit 0");
    Duration deadline = Duration.ofSeconds(30);
    storage =
        new ZfsStorage(
            new ZfsSettings(
                fake.program(), fake.program(), "tank", 4, deadline, deadline, deadline));
  }

  @Test
  void setsNothingThatIsSet() throws Exception {
    fake.answers("get", "printf 'canmount\\toff\\tlocal\\nreadonly\\ton\\tlocal\\n'");

    storage.guardPool();

    assertEquals(List.of(), sets());
  }

  @Test
  void setsWhatIsNot() throws Exception {
    fake.answers("get", "printf 'canmount\\ton\\tdefault\\nreadonly\\toff\\tlocal\\n'");

    storage.guardPool();

    assertEquals(List.of("set readonly=on tank", "set canmount=off tank"), sets());
  }

  private List<String> sets() {
    return fake.calls().stream().filter(call -> call.startsWith("set ")).toList();
  }
}
