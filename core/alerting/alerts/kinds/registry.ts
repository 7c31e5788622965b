import type { AlertKindOf } from './alert-kind.ts';

/** A model registry that does not answer. Looks at what asking it has noted end it. */
export const registry: AlertKindOf<'registry'> = {
  shown: ({ registry: { name, owner, runbook } }) => ({
    title: `the registry ${name} does not answer`,
    owner,
    runbook,
    rollback: undefined,
    link: undefined,
  }),
  foundIn: 'alert',
  endsWithRule: false,
  isRemembered: () => false,
  saysWhat: ({ registry: { name } }) => `Tocsin asks the registry ${name}, and pages if it does not answer`,
  saysWhyQuiet: () => undefined,
};
