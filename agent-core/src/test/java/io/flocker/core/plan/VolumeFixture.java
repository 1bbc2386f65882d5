package io.flocker.core.plan;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A volume to plan for. */
public final class VolumeFixture {
  private VolumeFixture() {}

  public static Volume volume(long epoch) {
    return new Volume(
        VolumeId.random(),
        VolumeName.parse("default.mongodb"),
        NodeId.random(),
        Role.OWNER,
        epoch,
        new Dataset(
            "tank/a",
            new Guid(5),
            Optional.empty(),
            false,
            Optional.empty(),
            true,
            List.of(),
            0,
            0,
            0,
            Optional.empty(),
            List.of(),
            List.of(),
            false,
            Optional.empty(),
            OptionalLong.empty(),
            Map.of()));
  }
}
