import type { Incident } from './incident.ts';

/** The incident without how people are reached: the address of a webhook often is a secret. */
export const outward = (incident: Incident): Incident => ({ ...incident, pagedContacts: {} });
