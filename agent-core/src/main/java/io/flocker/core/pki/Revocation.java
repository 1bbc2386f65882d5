package io.flocker.core.pki;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;

/**
 * That a certificate was taken back.
 *
 * @param file the list that says so
 * @param serial the certificate's number
 * @param since from when on it counts for nothing
 * @param list what the file holds
 */
public record Revocation(Path file, BigInteger serial, Instant since, RevocationList list) {}
