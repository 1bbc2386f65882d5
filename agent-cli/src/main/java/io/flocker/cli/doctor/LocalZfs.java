package io.flocker.cli.doctor;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.Programs;
import io.flocker.core.process.StuckChildren;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.process.Zfs;

/** The ZFS of this machine, for who only looks. Any thread may ask. */
public record LocalZfs(ZfsTool zfs, ZfsTool zpool) {
  /** That of a node of these settings, asked beside its daemon. */
  public static LocalZfs of(NodeConfiguration settings) {
    // Not by the pool's name: that is how a daemon knows what it has left behind itself.
    Launch launch = new Launch(Zfs.ASKED, "looking at " + settings.pool());
    Commands commands =
        new Commands(
            launch, settings.zfs().concurrency(), new StuckChildren(), CommandObserver.NONE);
    return new LocalZfs(
        ZfsTool.zfs(
            Programs.find(settings.zfs().zfs()),
            commands,
            settings.zfs().deadline(),
            settings.pool()),
        ZfsTool.zpool(
            Programs.find(settings.zfs().zpool()),
            commands,
            settings.zfs().deadline(),
            settings.pool()));
  }
}
