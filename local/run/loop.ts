import type { Ports } from '../../app/ports/ports.ts';
import type { Clock } from '../clock.ts';

/** What the loops of a run share. */
export type Loop = {
  ports: Ports;
  clock: Clock;
  stopped(): boolean;
  /** Logs a failure, so that the loop goes on. Returns false. */
  report(what: string): (error: unknown) => false;
};

/** The longest wait between checks, for changes that no event announces. */
export const pollMs = 1000;
