import type { Entry } from '../../telemetry/samples/records.ts';
import type { Refused } from '../../telemetry/samples/refusals.ts';
import type { AlertPayload } from '../alerts/alert-payload.ts';
import type { CheckCounts } from './checks/check-result.ts';
import type { IntakeOptions } from './intake-options.ts';

/**
 * What a document says: alerts as if they were posted to an Alertmanager, refused ones by their
 * index, and how many its sender left out of it; or why it is none. `checks`: how the checks ended
 * that it is about.
 */
export type IntakeRead =
  | ({ ok: true; records: Entry<AlertPayload>[]; leftOut: number; checks?: CheckCounts } & Refused)
  | { ok: false; error: string };

/** A format in which another system sends alerts, as one JSON document a request. */
export type AlertIntake = {
  /**
   * Members that are lists and may be as long as the body. Left out: a document is about one alert.
   */
  lists?: readonly string[];
  /** Members that are objects and may be as long. */
  objects?: readonly string[];
  /** Whether one request may have several documents, as a list or one a line. */
  many?: true;
  /** Reads one document. Never throws, whatever it is. */
  read: (document: unknown, now: number, options?: IntakeOptions) => IntakeRead;
  /** The same with turns for others, where a document may take long. */
  readInParts?: (document: unknown, now: number, options?: IntakeOptions) => Generator<void, IntakeRead>;
};
