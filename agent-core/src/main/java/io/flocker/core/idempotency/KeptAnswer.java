package io.flocker.core.idempotency;

import java.util.Map;

/**
 * An answer that is given again.
 *
 * @param status of HTTP
 * @param headers in order
 * @param body empty for none; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read to be sent; never compared
public record KeptAnswer(int status, Map<String, String> headers, byte[] body) {}
