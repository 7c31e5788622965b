import type { AlertKindOf } from './alert-kind.ts';

/** A job that reports its runs. Looks at its record end it. */
export const heartbeat: AlertKindOf<'heartbeat'> = {
  shown: ({ heartbeat: { title, owner, runbook } }) => ({ title, owner, runbook, rollback: undefined, link: undefined }),
  foundIn: 'alert',
  endsWithRule: false,
  isRemembered: () => false,
  saysWhat: ({ ruleId }) => `${ruleId} is a job that reports its runs`,
  saysWhyQuiet: () => undefined,
};
