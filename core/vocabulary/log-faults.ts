/**
 * Log messages that report a fault of Tocsin itself. A deployment counts them with metric filters
 * and alarms on them, so lib/ and the code that logs must use exactly these texts.
 */
export const logFaults = {
  pageFailed: 'a page failed for good',
  effectLate: 'an outbox message has waited too long to be delivered',
  nobodyTold: 'nobody could be told of an open incident',
  quarantined: 'a stored record could not be read and was set aside',
  rulesSkipped: 'rules were skipped by this tick',
} as const;
