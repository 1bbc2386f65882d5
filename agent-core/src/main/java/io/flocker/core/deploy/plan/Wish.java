package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Deployment;
import java.time.Instant;

/**
 * The configuration that counts.
 *
 * @param generation of it; the higher one counts
 * @param accepted when this node was told; what ended before that is started again, whatever its
 *     policy is, since who says what shall run does not mean what ended
 */
public record Wish(Deployment deployment, long generation, Instant accepted) {}
