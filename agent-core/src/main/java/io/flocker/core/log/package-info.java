/**
 * Eliot messages: what happens, as trees of actions that cross from node to node.
 *
 * <p>Entry type: {@link io.flocker.core.log.Action}; {@link io.flocker.core.log.Logging} turns the
 * log on. Invariant: every message has a registered type and a place in exactly one task; logging
 * never fails its caller and never blocks an event loop.
 *
 * <p>The way of a message: {@code Action} → {@code Message} (a bounded copy of the fields, in the
 * caller's thread) → {@code MessageQueue} (bounded; one thread writes) → Log4j's appender and
 * JsonTemplateLayout, one line of JSON each. What libraries log or print joins as {@code
 * flocker:library}.
 *
 * <p>Eliot has no levels. The setting {@code log.level} leaves out messages whose type, or library
 * messages whose level, is below it; actions are always logged, so trees stay whole.
 *
 * <p>Bounds: a string is cut at 16,384 characters and a message at 20,000, and {@code truncated}
 * names the fields that lost something; the queue holds 2,048 messages. When it is full, control
 * threads wait for at most 2 s, event loops not at all; what is lost is counted in {@code
 * eliot:dropped}.
 */
@NullMarked
package io.flocker.core.log;

import org.jspecify.annotations.NullMarked;
