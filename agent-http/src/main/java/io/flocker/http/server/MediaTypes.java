package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.Body;
import io.flocker.http.route.QualityValues;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a body is, and what a caller takes (RFC 9110, sections 8.3 and 12.5.1). */
final class MediaTypes {
  private static final String IDENTITY = "identity";
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]*)", Pattern.CASE_INSENSITIVE);

  private MediaTypes() {}

  /** Demands JSON in UTF-8, or something that is JSON too, such as a merge patch. */
  static void requireJson(RequestHead head) throws FailureException {
    requirePlain(head);
    String said = head.headers().getOrDefault(RequestHead.CONTENT_TYPE, "");
    Matcher charset = CHARSET.matcher(said);
    if (charset.find() && !charset.group(1).equalsIgnoreCase("utf-8")) {
      throw RequestFailure.UNSUPPORTED_MEDIA_TYPE.because(
          "The charset is '" + charset.group(1) + "', JSON is UTF-8 (RFC 8259, section 8.1).");
    }
    String type = essence(said);
    boolean isJson =
        type.equals("application/json")
            || (type.startsWith("application/") && type.endsWith("+json"));
    if (!isJson) {
      throw unsupported(type, "application/json");
    }
  }

  /** Demands exactly {@code mediaType}. */
  static void require(RequestHead head, String mediaType) throws FailureException {
    requirePlain(head);
    String type = essence(head.headers().getOrDefault(RequestHead.CONTENT_TYPE, ""));
    if (!type.equals(mediaType)) {
      throw unsupported(type, mediaType);
    }
  }

  /** Demands that the caller takes one of {@code offered}; JSON, if nothing else is said. */
  static void requireAccepts(RequestHead head, List<String> offered) throws FailureException {
    String accept = head.headers().getOrDefault(RequestHead.ACCEPT, "*/*");
    List<String> types = offered.isEmpty() ? List.of(Body.JSON) : offered;
    QualityValues preferences = QualityValues.parse(accept);
    if (types.stream().anyMatch(type -> preferences.ofMediaType(type) > 0)) {
      return;
    }
    throw RequestFailure.NOT_ACCEPTABLE.because(
        "Only " + String.join(", ", types) + " is offered, and '" + accept + "' is accepted.");
  }

  /** A coded body is not decoded here: it would be read as something else than it is. */
  private static void requirePlain(RequestHead head) throws FailureException {
    String coding = head.headers().getOrDefault("content-encoding", IDENTITY);
    if (!coding.equalsIgnoreCase(IDENTITY)) {
      throw RequestFailure.UNSUPPORTED_MEDIA_TYPE.because(
          "The Content-Encoding is '" + coding + "', bodies are taken as they are.");
    }
  }

  private static String essence(String mediaType) {
    int parameters = mediaType.indexOf(';');
    String essence = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    return essence.strip().toLowerCase(Locale.ROOT);
  }

  private static FailureException unsupported(String type, String wanted) {
    return RequestFailure.UNSUPPORTED_MEDIA_TYPE.because(
        "The Content-Type is '" + type + "', the route takes " + wanted + ".");
  }
}
