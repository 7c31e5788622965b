import type { Entry } from '../../telemetry/samples/records.ts';
import type { Refused } from '../../telemetry/samples/refusals.ts';
import type { AlertPayload } from '../alerts/alert-payload.ts';

/**
 * What a document says: alerts as if they were posted to an Alertmanager, refused ones by their index, and how many its
 * sender left out of it; or why it is none.
 */
export type IntakeRead = ({ ok: true; records: Entry<AlertPayload>[]; leftOut: number } & Refused) | { ok: false; error: string };

/** A format in which another system sends alerts, as one JSON document a request. */
export type AlertIntake = {
  /** The member that is a list and may be as long as the body. Left out: a document is about one alert. */
  list?: string;
  /** Reads one document. Never throws, whatever it is. */
  read: (document: unknown, now: number) => IntakeRead;
};
