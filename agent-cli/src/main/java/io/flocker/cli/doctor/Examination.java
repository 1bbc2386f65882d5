package io.flocker.cli.doctor;

import java.util.List;

/** One thing that is looked at; changes nothing. */
interface Examination {
  /** How it is; what cannot be looked at is a finding too. */
  List<Finding> findings();
}
