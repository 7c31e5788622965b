import { remembersEnd } from '../external.ts';
import type { AlertKindOf } from './alert-kind.ts';

/** An alert that another system judges. Its posts and its end by time end it. */
export const external: AlertKindOf<'external'> = {
  shown({ external: { title, owner, runbook, link } }) {
    return { title, owner, runbook, rollback: undefined, link };
  },
  foundIn: 'alert',
  endsWithRule: false,
  isRemembered: remembersEnd,
  saysWhat: ({ ruleId }) => `another system judges ${ruleId} and posts its alerts`,
  saysWhyQuiet: () => undefined,
};
