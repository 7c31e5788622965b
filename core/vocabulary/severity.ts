import type { Severity } from './schema-parts.ts';

/** Higher is worse. */
export const severityRank: Readonly<Record<Severity, number>> = { warn: 0, critical: 1 };
