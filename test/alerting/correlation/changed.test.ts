import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageBlocks } from '../../../adapters/slack/blocks.ts';
import { terminalChannel } from '../../../adapters/terminal/index.ts';
import { pageBody } from '../../../adapters/webhook/format.ts';
import { mattersTo } from '../../../core/alerting/correlation/changed.ts';
import { graphOf } from '../../../core/alerting/correlation/graph.ts';
import { pageLines } from '../../../core/response/paging/describe.ts';
import { asChangeId } from '../../../core/vocabulary/ids.ts';
import type { Labels } from '../../../core/vocabulary/schema-parts.ts';
import { examplePage } from '../../contract/example-page.ts';
import { minute } from '../../scenario/harness.ts';
import { alertOf, configWith } from './graphs.ts';

const config = configWith({
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
    checkout: { kind: 'service', match: { service: 'checkout' }, dependsOn: ['churn'] },
  },
});
const graph = graphOf(config);
const matters = (change: Labels, alert: Labels): string | undefined =>
  mattersTo(graph, { labels: change }, alertOf('wrong', alert));

describe('a change matters to an alert', () => {
  it('about what was changed, or about what depends on it over any distance, with the way in words', () => {
    expect(matters({ model: 'churn' }, { model: 'churn' })).toBe('both are about model churn');
    expect(matters({ dataset: 'orders' }, { model: 'churn' })).toBe('model churn depends on data orders');
    expect(matters({ dataset: 'orders' }, { service: 'checkout' })).toBe(
      'service checkout depends on model churn, which depends on data orders',
    );
    expect(matters({ model: 'churn', feature: 'age' }, { model: 'churn' })).toContain('feature age of churn');
  });

  it('that names the same thing, without any declaration', () => {
    expect(matters({ model: 'prices', flag: 'ranker' }, { model: 'prices', feature: 'age' })).toBe('both are about model prices');
    expect(matters({ pipeline: 'nightly' }, { pipeline: 'nightly', host: 'a' })).toBe('both are about pipeline nightly');
  });

  it('not of what depends on the alert, of another thing, or of nothing that both name', () => {
    expect(matters({ model: 'churn' }, { dataset: 'orders' })).toBeUndefined();
    expect(matters({ model: 'prices' }, { model: 'churn' })).toBeUndefined();
    expect(matters({ model: 'prices', feature: 'age' }, { model: 'prices', feature: 'city' })).toBeUndefined();
    expect(matters({ team: 'ml', flag: 'ranker' }, { team: 'ml', model: 'churn' })).toBeUndefined();
  });

  it('not in another environment; one that names none may matter in each', () => {
    expect(matters({ model: 'churn', environment: 'staging' }, { model: 'churn' })).toBeUndefined();
    expect(matters({ dataset: 'orders', stage: 'dev' }, { model: 'churn', stage: 'prod' })).toBeUndefined();
    expect(matters({ model: 'churn', environment: 'live' }, { model: 'churn' })).toBeDefined();
    const label = fc.constantFrom('model', 'service', 'dataset', 'feature', 'pipeline', 'flag', '__proto__', 'constructor');
    const labels = fc.dictionary(label, fc.constantFrom('churn', 'orders', 'checkout', 'x', ''));
    fc.assert(
      fc.property(labels, labels, (change, alert) => {
        expect(matters({ ...change, environment: 'staging' }, alert)).toBeUndefined();
        expect(matters(change, alert)).toBe(matters({ ...change, environment: 'live' }, alert));
      }),
    );
  });

  it('not if the alert is about a rule itself, or of a tenant', () => {
    const about = { ...alertOf('wrong', { model: 'churn' }), aboutRule: true };
    expect(mattersTo(graph, { labels: { model: 'churn' } }, about)).toBeUndefined();
    const tenant = { ...alertOf('wrong', { model: 'churn' }), tenant: 'synthetic' as const };
    expect(mattersTo(graph, { labels: { model: 'churn' } }, tenant)).toBeUndefined();
  });
});

describe('what was changed is in a page', () => {
  const base = examplePage();
  const page = examplePage({
    whatChanged: [{ id: asChangeId('chg-1'), at: base.since - 12 * minute, kind: 'deploy', text: 'Deployed <!channel> & more' }],
  });

  it('as text, on Slack with nothing that Slack would obey, in the terminal and in a webhook', async () => {
    expect(pageLines(page)).toContain('What changed: Deployed <!channel> & more, 12m before it began');
    expect(pageLines(base).join('\n')).not.toContain('What changed');
    expect(JSON.stringify(pageBlocks(page))).toContain('What changed: Deployed &lt;!channel&gt; &amp; more, 12m before it began');
    const lines: string[] = [];
    await terminalChannel({ write: (text) => void lines.push(text) }).send({ kind: 'terminal' }, page, 'key');
    expect(lines).toContain('    What changed: Deployed <!channel> & more, 12m before it began');
    expect(pageBody(page, 'key')).toMatchObject({ whatChanged: [{ id: 'chg-1', kind: 'deploy' }] });
    expect(pageBody(base, 'key')).toMatchObject({ whatChanged: [] });
  });
});
