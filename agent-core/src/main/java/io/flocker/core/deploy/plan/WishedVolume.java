package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.MountedVolume;

/**
 * A volume that applications shall have, all of them on one node.
 *
 * @param wish as one of them mounts it
 * @param place where they shall run
 * @param sighting where it is
 * @param reference what changes call it
 */
record WishedVolume(
    MountedVolume wish, Place place, Sighting sighting, VolumeReference reference) {}
