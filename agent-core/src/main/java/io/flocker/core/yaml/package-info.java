/**
 * YAML documents as trees of values that know their lines.
 *
 * <p>Entry type: {@link io.flocker.core.yaml.YamlDocument}. Invariant: what is read is plain data
 * of bounded size and depth: no tags, no aliases, one document. Only this package knows the YAML
 * library.
 */
@NullMarked
package io.flocker.core.yaml;

import org.jspecify.annotations.NullMarked;
