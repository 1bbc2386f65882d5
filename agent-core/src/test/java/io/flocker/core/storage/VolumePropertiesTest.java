package io.flocker.core.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumePropertiesTest {
  private static final String VOLUME = "tank/v";

  private final FakeStorage storage = new FakeStorage();

  @Test
  void allOfThemAreToldWhetherTheyAreSetOrNot() throws FailureException {
    storage.add(VOLUME);
    storage.setProperty(VOLUME, "compression", "gzip");
    storage.setProperty(VOLUME, "atime", "off");
    assertEquals(
        Map.of("compression", "gzip", "recordsize", "inherit", "refquota", "none"),
        VolumeProperties.of(storage.dataset(VOLUME).orElseThrow()));
  }

  @Test
  void aQuotaThatIsOnlyKeptIsTheVolumes() throws FailureException {
    storage.add(VOLUME);
    storage.setQuota(VOLUME, 4096);
    storage.seal(VOLUME, Map.of());
    assertEquals(
        "4096", VolumeProperties.of(storage.dataset(VOLUME).orElseThrow()).get("refquota"));
  }

  @Test
  void aQuotaSetByHandThatNoPoolReachesLimitsNothing() {
    long most = VolumeProperties.MAX_QUOTA;
    assertEquals(most, VolumeProperties.quotaBytes(VolumeProperties.quota(most)));
    assertEquals("none", VolumeProperties.quota(most + 1));
    assertEquals("none", VolumeProperties.quota(Long.MAX_VALUE));
  }

  @Test
  void noOtherPropertyFollows() {
    assertEquals(
        Map.of("compression", "on"),
        VolumeProperties.filter(
            Map.of("compression", "on", "mountpoint", "/etc", "readonly", "off", "exec", "on")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1G", "-1", "", "none ", "9999999999999999999"})
  void aQuotaIsANumberOfBytesOrNone(String quota) {
    assertThrows(
        IllegalArgumentException.class, () -> VolumeProperties.filter(Map.of("refquota", quota)));
  }

  @Test
  void whatSomebodyElseWroteLimitsNothing() {
    assertEquals(0, VolumeProperties.keptBytes("a lot"));
    assertEquals(0, VolumeProperties.keptBytes("none"));
    assertEquals(4096, VolumeProperties.keptBytes("4096"));
  }
}
