package io.flocker.core.pki;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Reads a certificate's subject strictly: two CNs are as bad as none. */
final class SubjectName {
  private SubjectName() {}

  static Optional<String> commonName(X509Certificate certificate) {
    return only("CN", certificate);
  }

  static Optional<String> organizationalUnit(X509Certificate certificate) {
    return only("OU", certificate);
  }

  private static Optional<String> only(String type, X509Certificate certificate) {
    try {
      List<Object> values = values(type, certificate.getSubjectX500Principal());
      return values.size() == 1 && values.getFirst() instanceof String text
          ? Optional.of(text)
          : Optional.empty();
    } catch (NamingException _) {
      return Optional.empty(); // A name that cannot be read names nobody.
    }
  }

  private static List<Object> values(String type, X500Principal subject) throws NamingException {
    List<Object> values = new ArrayList<>();
    for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
      Attribute attribute = rdn.toAttributes().get(type);
      if (attribute != null) {
        values.addAll(Collections.list(attribute.getAll()));
      }
    }
    return values;
  }
}
