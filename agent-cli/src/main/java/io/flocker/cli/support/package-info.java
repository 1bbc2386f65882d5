/**
 * What somebody who helps needs to know of a node, as one archive, without what is secret.
 *
 * <p>Entry type: {@link io.flocker.cli.support.SupportBundle}. Invariant: no key, no content of a
 * volume, no environment of an application or a hook gets in.
 */
@NullMarked
package io.flocker.cli.support;

import org.jspecify.annotations.NullMarked;
