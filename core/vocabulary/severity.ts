import type { AlertSeverity, Severity } from './schema-parts.ts';

/** Higher is worse. */
export const severityRank: Readonly<Record<AlertSeverity, number>> = { info: 0, warn: 1, critical: 2 };

/** Whether people are paged about it. */
export const isPaging = (severity: AlertSeverity): severity is Severity => severity !== 'info';

/** The severity whose policy and response times apply. Nobody is paged about `info` by it. */
export const pagedAs = (severity: AlertSeverity): Severity => (isPaging(severity) ? severity : 'warn');
