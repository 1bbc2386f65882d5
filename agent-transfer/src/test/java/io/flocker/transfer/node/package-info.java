/**
 * Nodes in memory: the real classes of agent-transfer over pools and links that a test can break.
 */
@NullMarked
package io.flocker.transfer.node;

import org.jspecify.annotations.NullMarked;
