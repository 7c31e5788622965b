import { formatUtc } from '../../../vocabulary/format.ts';
import type { AlertKindOf } from './alert-kind.ts';

/**
 * A watchdog alert that has to come. It is kept while it is well, for it knows when that was heard
 * last.
 */
export const watchdog: AlertKindOf<'watchdog'> = {
  shown: ({ watchdog: { source } }) => ({
    title: `${source} does not send its watchdog alert`,
    owner: undefined,
    runbook: 'source-failing',
    rollback: undefined,
    link: undefined,
  }),
  foundIn: 'alert',
  endsWithRule: false,
  isRemembered: () => true,
  saysWhat: ({ watchdog: { source } }) => `Tocsin pages if ${source} no longer sends its watchdog alert`,
  saysWhyQuiet({ watchdog: { source, since, seenAt } }) {
    const came = seenAt === undefined ? `it is expected since ${formatUtc(since)}` : `it came last at ${formatUtc(seenAt)}`;
    return `the watchdog alert of ${source} is not missing: ${came}`;
  },
};
