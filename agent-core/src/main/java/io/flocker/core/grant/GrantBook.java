package io.flocker.core.grant;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.List;

/**
 * Where a node keeps the grants that it has signed or found proven. Any thread may call; every
 * method may block; what it wrote is on disk when it returns.
 */
public interface GrantBook {
  /** How many grants of one volume are kept, the latest: no claim may be more epochs ahead. */
  int LONGEST = 1_000;

  /** The grants of a volume, by epoch. */
  List<SignedGrant> of(VolumeId volume) throws FailureException;

  /** Adds grants; one of the same volume and epoch is replaced. */
  void add(List<SignedGrant> grants) throws FailureException;
}
