import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from './story-script.ts';
import { copyOfTree, type TreeCopy } from './tree-copy.ts';

/** The types of the whole tree take ten seconds to check where the machine is quiet. */
const timeout = 300_000;

let tree: TreeCopy;
beforeAll(() => {
  tree = copyOfTree();
}, timeout);
afterAll(() => tree.remove());

it(
  'a kind of alert of which only the part is there does not compile, and the compiler names what has to serve it',
  () => {
    tree.edit(
      'core/alerting/alerts/alert-parts.ts',
      '  registry: {',
      '  /** Of the alert about a certificate that ends soon. */\n  certificate: { host: string; runbook: string };\n  registry: {',
    );
    const { ok, output } = tree.typecheck();
    expect(ok).toBe(false);
    expect(filesIn(output)).toEqual([
      'core/alerting/alerts/kinds/table.ts',
      'core/alerting/alerts/stored-alert.ts',
      'core/selfcheck/clock/rebase.ts',
    ]);
  },
  timeout,
);

it(
  'with these it does, in five files, and is shown, kept and explained as its descriptor says',
  () => {
    tree.write(
      'core/alerting/alerts/kinds/certificate.ts',
      `import type { AlertKindOf } from './alert-kind.ts';

export const certificate: AlertKindOf<'certificate'> = {
  shown: ({ certificate: { host, runbook } }) => ({
    title: \`the certificate of \${host} ends soon\`,
    owner: undefined,
    runbook,
    rollback: undefined,
    link: undefined,
  }),
  foundIn: 'alert',
  endsWithRule: false,
  isRemembered: () => true,
  saysWhat: ({ certificate: { host } }) => \`Tocsin looks at the certificate of \${host}\`,
  saysWhyQuiet: ({ certificate: { host } }) => \`the certificate of \${host} is good for long\`,
};
`,
    );
    const table = 'core/alerting/alerts/kinds/table.ts';
    tree.edit(table, 'import { external }', "import { certificate } from './certificate.ts';\nimport { external }");
    tree.edit(table, '  registry,\n', '  registry,\n  certificate,\n');
    tree.edit(
      'core/alerting/alerts/stored-alert.ts',
      '    registry: z.object(',
      '    certificate: z.object({ host: text, runbook: text }).optional(),\n    registry: z.object(',
    );
    tree.edit('core/selfcheck/clock/rebase.ts', "  registry: 'stays',\n", "  registry: 'stays',\n  certificate: 'stays',\n");
    expect(tree.typecheck()).toEqual({ ok: true, output: '' });
    expect(tree.touched()).toHaveLength(5);
    const printed = tree.run(`
import { summarize } from './core/alerting/alerts/alert-summary.ts';
import { alertWrite } from './app/commit.ts';
import { whyNoPage } from './core/selfcheck/why/why.ts';
import { configSchema } from './core/config/schema.ts';

const duty = { policy: 'duty' };
const config = configSchema.parse({
  sources: {},
  rules: {},
  responders: { ana: { name: 'Ana', contacts: [{ terminal: true }] } },
  policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
  matrix: { default: { warn: duty, critical: duty } },
});
const alert = {
  fingerprint: 'f', ruleId: 'certificate/api', labels: {}, category: 'pipeline', groupKey: 'g', groupLabels: {},
  state: 'resolved', severity: 'critical', since: 0, breachedAt: 0, evaluatedAt: 0, reason: 'ends in 3 days', excluded: [],
  certificate: { host: 'api', runbook: 'renew' }, version: 1,
};
const { title, runbook } = summarize(alert, config);
const { steps } = whyNoPage(config, { rule: alert.ruleId, alerts: [alert], incidents: [] }, 0);
const textOf = (step) => steps.find((one) => one.step === step).text;
console.log([title, runbook, alertWrite(alert, 1).kind, textOf('rule'), textOf('alert')].join('\\n'));
`);
    expect(printed.trim().split('\n')).toEqual([
      'the certificate of api ends soon',
      'renew',
      'alert',
      'Tocsin looks at the certificate of api',
      'the certificate of api is good for long',
    ]);
  },
  timeout,
);
