package io.flocker.cli.logs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where lines come from, one after the other. */
interface LineSource {
  /** The next one; null at the end. */
  LogLines.@Nullable Line next() throws IOException, InterruptedException;
}
