package io.flocker.core.pki;

import io.flocker.core.identity.Principal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names that people choose and that certificates and file names have to bear. */
final class Names {
  private static final int LONGEST = 64; // RFC 5280, appendix A.1: ub-common-name
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}\\p{Cn}]");
  private static final Pattern FOREIGN_TO_FILES = Pattern.compile("[/\\\\:*?\"<>|]|^\\.|\\.$");

  private Names() {}

  static String checked(String what, String name) {
    if (name.isBlank() || !name.equals(name.strip())) {
      throw refused(what, name, "is empty, or has space around it");
    }
    if (name.codePointCount(0, name.length()) > LONGEST) {
      throw refused(what, name, "is longer than %d characters".formatted(LONGEST));
    }
    if (UNPRINTABLE.matcher(name).find()) {
      throw refused(what, name, "has characters that cannot be printed");
    }
    return name;
  }

  static String checkedUser(String name) {
    Principal.User user = new Principal.User(name);
    checked("user", name);
    checked("certificate", user.name());
    if (FOREIGN_TO_FILES.matcher(name).find()) {
      throw refused("user", name, "has characters that cannot stand in a file's name");
    }
    if (!Principal.ofCommonName(user.name()).equals(Optional.of(user))) {
      throw refused("user", name, "would be taken for a node's own commands");
    }
    return name;
  }

  private static IllegalArgumentException refused(String what, String name, String why) {
    return new IllegalArgumentException(
        "the %s name '%s' %s; choose another".formatted(what, name, why));
  }
}
