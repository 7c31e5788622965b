/**
 * The texts of log records that are faults of Tocsin itself. A deployment counts them in its logs and rings an alarm, which
 * costs nothing while there are none; so lib/ and whoever writes them have to agree on every letter.
 */
export const logFaults = {
  pageFailed: 'a page failed for good',
  effectLate: 'an effect has waited too long to be carried out',
  nobodyTold: 'nobody could be told of an open incident',
  quarantined: 'a stored record could not be read and was set aside',
  rulesSkipped: 'rules were skipped by this tick',
} as const;
