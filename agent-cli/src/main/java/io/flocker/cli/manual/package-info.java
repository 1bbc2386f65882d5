/** What the build writes about the programs, out of their own command lines. */
@NullMarked
package io.flocker.cli.manual;

import org.jspecify.annotations.NullMarked;
