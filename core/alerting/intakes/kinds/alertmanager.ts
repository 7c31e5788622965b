import type { AlertIntake } from '../alert-intake.ts';
import { readGroup } from '../webhook-group.ts';

/**
 * The webhook receiver of an Alertmanager (version 4), which goes on grouping and muting by itself.
 */
export const alertmanagerIntake = {
  lists: ['alerts'],
  read: (document, now) => readGroup(document, now),
} satisfies AlertIntake;
