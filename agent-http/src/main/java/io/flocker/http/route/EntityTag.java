package io.flocker.http.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A strong validator (RFC 9110, section 8.8.3): the same for the same representation, today and
 * after a restart.
 *
 * @param state what a caller can change, or a digest of all there is
 * @param rest what changes by itself, such as how much is used; empty if there is no such thing
 */
public record EntityTag(String state, String rest) {
  /** Name of the header that bears it. */
  public static final String HEADER = "ETag";

  private static final int DIGEST_BYTES = 12;
  private static final Pattern LISTED =
      Pattern.compile("\\s*(?:W/)?\"([\\x21\\x23-\\x7e]*)\"\\s*(?:,|$)");

  /** The tag of these bytes. */
  public static EntityTag of(byte[] representation) {
    return new EntityTag(digest(representation), "");
  }

  /**
   * The tag of what has these properties.
   *
   * @param rest properties that change by themselves: they are no reason to refuse a change
   */
  public static EntityTag of(List<?> state, List<?> rest) {
    return new EntityTag(digest(text(state)), rest.isEmpty() ? "" : digest(text(rest)));
  }

  /** Whether a header {@code If-None-Match} names that tag, or everything. */
  public static boolean isListed(String tag, String header) {
    String value = tag.substring(1, tag.length() - 1);
    return header.strip().equals("*") || listed(header).contains(value);
  }

  /** Whether a header {@code If-Match} names this state, or everything. */
  public boolean isStateIn(String header) {
    return header.strip().equals("*")
        || listed(header).stream().anyMatch(tag -> tag.split("\\.", 2)[0].equals(state));
  }

  /** As the header has it. */
  @Override
  public String toString() {
    return '"' + value() + '"';
  }

  private String value() {
    return rest.isEmpty() ? state : state + "." + rest;
  }

  private static List<String> listed(String header) {
    return LISTED.matcher(header).results().map(tag -> tag.group(1)).toList();
  }

  private static byte[] text(List<?> properties) {
    StringBuilder text = new StringBuilder();
    properties.forEach(property -> text.append(property).append('\n'));
    return text.toString().getBytes(UTF_8);
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
