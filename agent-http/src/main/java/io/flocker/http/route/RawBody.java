package io.flocker.http.route;

import java.nio.ByteBuffer;

/**
 * A response's body that is not JSON, of one of the media types that its route declares.
 *
 * @param mediaType with its parameters, as it goes into the header
 * @param bytes read through duplicates only
 */
public record RawBody(String mediaType, ByteBuffer bytes) {}
