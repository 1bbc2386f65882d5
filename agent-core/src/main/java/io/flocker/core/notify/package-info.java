/**
 * Tells an operator's program or server when a copy or a volume stands otherwise than before.
 *
 * <p>Entry type: {@link io.flocker.core.notify.Notifier}. Invariant: what is told is how it stands
 * when it is told; nothing that replicates ever waits for it.
 */
@NullMarked
package io.flocker.core.notify;

import org.jspecify.annotations.NullMarked;
