import type { Severity } from './schema-parts.ts';

/** The higher, the worse. */
export const severityRank: Readonly<Record<Severity, number>> = { warn: 0, critical: 1 };
