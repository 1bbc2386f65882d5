package io.flocker.http.docker;

import io.flocker.core.deploy.Application;

/** The labels by which a container is flockerd's; FORMATS.md has them. */
final class DockerLabels {
  static final String APPLICATION = Application.OWN_LABELS + "application";
  static final String GENERATION = Application.OWN_LABELS + "generation";
  static final String DIGEST = Application.OWN_LABELS + "digest";
  static final String RESTARTS = Application.OWN_LABELS + "restarts";
  static final String STATED = Application.OWN_LABELS + "stated";

  private DockerLabels() {}
}
