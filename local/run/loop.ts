import type { Ports } from '../../app/ports/ports.ts';
import type { Clock } from '../clock.ts';

/** What the loops of a run share. */
export type Loop = {
  ports: Ports;
  clock: Clock;
  stopped(): boolean;
  /** For what failed: it is logged, and the loop goes on. Gives false. */
  report(what: string): (error: unknown) => false;
};

/** Looked for at least this often, for what no event announces. */
export const pollMs = 1000;
