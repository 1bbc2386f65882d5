package io.flocker.core.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A value of a document, with the line where it begins, from 1. */
public sealed interface YamlValue {
  /** What a scalar that was written without quotes is by itself (YAML 1.2, core schema). */
  enum Kind {
    /** A text. */
    TEXT("a text"),
    /** A whole number. */
    INTEGER("a whole number"),
    /** A number with a fraction or an exponent. */
    DECIMAL("a number"),
    /** {@code true} or {@code false}; {@code yes} and {@code on} are texts. */
    BOOLEAN("true or false"),
    /** Nothing at all, {@code null} or {@code ~}. */
    NOTHING("empty");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** With its article, for people. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A text, a number and the like.
   *
   * @param text as it was written, without the quotes
   */
  record Scalar(int line, Kind kind, String text) implements YamlValue {
    @Override
    public String what() {
      return kind.toString();
    }
  }

  /** Values one after the other. */
  record Sequence(int line, List<YamlValue> values) implements YamlValue {
    public Sequence {
      values = List.copyOf(values);
    }

    @Override
    public String what() {
      return "a list";
    }
  }

  /**
   * Values by keys.
   *
   * @param entries in their order; a key that is given twice is there twice
   */
  record Mapping(int line, List<Entry> entries) implements YamlValue {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String what() {
      return "a mapping";
    }

    /** Entries by the text of their keys; of those that are given twice the first. */
    public Map<String, Entry> byKey() {
      Map<String, Entry> first = new LinkedHashMap<>();
      entries.forEach(entry -> first.putIfAbsent(entry.key().text(), entry));
      return first;
    }

    /** Entries whose key was there before. */
    List<Entry> repeated() {
      Set<String> seen = new HashSet<>();
      List<Entry> repeated = new ArrayList<>(entries);
      repeated.removeIf(entry -> seen.add(entry.key().text()));
      return repeated;
    }
  }

  /** One entry of a mapping. */
  record Entry(Scalar key, YamlValue value) {}

  /** Where it begins. */
  int line();

  /** What it is, for people. */
  String what();
}
