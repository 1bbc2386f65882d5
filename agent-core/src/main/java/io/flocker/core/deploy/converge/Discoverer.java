package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.plan.Discovery;
import io.flocker.core.failure.FailureException;

/** Looks around on a node. Every method blocks; any thread may call. */
public interface Discoverer {
  /** All that has to be known to bring {@code wish} about; what cannot be found out is empty. */
  Discovery discover(Deployment wish);

  /**
   * Only what an application needs to start.
   *
   * @throws FailureException while the pool does not answer
   */
  Readiness readiness(Application application) throws FailureException;
}
