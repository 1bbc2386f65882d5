package io.flocker.transfer.handoff;

import io.flocker.core.os.FileSystem;
import io.flocker.core.os.Holder;
import io.flocker.core.os.Holders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Finds who uses a volume that is to be unmounted. Blocking; any thread may call. */
public interface VolumeUsers {
  /** As this machine's kernel knows them. */
  VolumeUsers OF_THIS_MACHINE =
      new VolumeUsers() {
        @Override
        public FileSystem mountedAt(Path mountpoint) throws IOException {
          return FileSystem.at(mountpoint);
        }

        @Override
        public List<Holder> beyond(Path mountpoint) throws IOException {
          return Holders.beyond(mountpoint);
        }

        @Override
        public List<Holder> of(FileSystem unmounted) throws IOException {
          return Holders.of(unmounted);
        }
      };

  /** What is mounted there, to be asked for by {@link #of} afterwards. */
  FileSystem mountedAt(Path mountpoint) throws IOException;

  /** Who would keep the file system alive if {@code mountpoint} was unmounted. */
  List<Holder> beyond(Path mountpoint) throws IOException;

  /** Who still keeps alive what was unmounted: a mount that was detached lazily is in no list. */
  List<Holder> of(FileSystem unmounted) throws IOException;
}
