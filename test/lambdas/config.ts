import type { ConfigInput } from '../../core/config/schema.ts';

type Responder = NonNullable<ConfigInput['responders']>[string];

/**
 * A rule on samples and a source of alerts, whose incidents page first Ana and then Ben, both by
 * webhook to `pager`.
 */
export const configOf = (
  pager: string,
  {
    settings,
    ana,
    ackWithin,
    watchdog,
  }: {
    settings?: ConfigInput['settings'];
    ana: Omit<Responder, 'contacts'> & { at: string };
    ackWithin: string;
    watchdog?: { match: Record<string, string>; within: string };
  },
): ConfigInput => {
  const { at, ...person } = ana;
  return {
    settings: { ingestKey: 'INGEST_KEY', ...settings },
    sources: {
      app: { kind: 'samples', labels: { model: 'scorer' } },
      prom: { kind: 'alerts', category: 'availability', runbook: 'errors', ...(watchdog && { watchdog }) },
    },
    rules: {
      errors: {
        source: 'app',
        query: { samples: { metric: 'errors' } },
        category: 'availability',
        threshold: { above: { critical: 10 } },
        runbook: 'errors',
      },
      quiet: {
        source: 'app',
        query: { samples: { metric: 'quiet' } },
        category: 'availability',
        threshold: { above: { critical: 10 } },
        runbook: 'errors',
        rollback: 'scorer',
      },
    },
    deployments: { scorer: { hook: { webhook: { url: `${pager}/scorer`, secret: 'PAGER' } } } },
    rollbacks: { scorer: { deployment: 'scorer' } },
    responders: {
      ana: { ...person, contacts: [{ webhook: { url: `${pager}/${at}`, secret: 'PAGER' } }] },
      ben: { name: 'Ben', contacts: [{ webhook: { url: `${pager}/ben`, secret: 'PAGER' } }] },
    },
    policies: {
      main: {
        tiers: [
          { targets: [{ responder: 'ana' }], ackWithin },
          { targets: [{ responder: 'ben' }], ackWithin },
        ],
      },
    },
    matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
  };
};
