package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a snapshot contains.
 *
 * @param sha256 of all files with their names, metadata and extended attributes, in hexadecimal
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DigestAnswer(String sha256) {}
