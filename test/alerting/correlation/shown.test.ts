import { describe, expect, it } from 'vitest';
import { pageBlocks } from '../../../adapters/slack/blocks.ts';
import { terminalChannel } from '../../../adapters/terminal/index.ts';
import { pageBody } from '../../../adapters/webhook/format.ts';
import { asFingerprint, asIncidentId } from '../../../core/vocabulary/ids.ts';
import { incidentPage } from '../../../http/pages/incident.ts';
import { examplePage } from '../../contract/example-page.ts';
import { exampleIncident } from '../../contract/store-examples.ts';
import { detailOf } from '../../http/detail-of.ts';

const causes = [
  {
    fingerprint: asFingerprint('f2'),
    title: 'Orders <are> late',
    where: 'data orders',
    reasons: ['it began first', '2 alerts are downstream of it'],
  },
  { fingerprint: asFingerprint('f1'), title: 'Accuracy of churn', reasons: ['it is critical'] },
];
const related = {
  id: asIncidentId('inc-9'),
  title: 'Orders & clicks',
  why: 'model churn depends on data orders; they stay apart',
  at: 0,
};
const page = examplePage({ causes: causes, related: [{ ...related, url: 'https://tocsin.test/incidents/inc-9' }] });
const line = 'Orders <are> late (data orders): it began first; 2 alerts are downstream of it';

describe('likely causes and related incidents are shown', () => {
  it('on Slack, with nothing in them that Slack would obey', () => {
    const text = JSON.stringify(pageBlocks(page));
    expect(text).toContain('Likely cause: Orders &lt;are&gt; late (data orders): it began first');
    expect(text).toContain('  then: Accuracy of churn: it is critical');
    expect(text).toContain('<https://tocsin.test/incidents/inc-9|Orders &amp; clicks>: model churn depends on data orders');
    expect(JSON.stringify(pageBlocks(examplePage()))).not.toContain('Likely cause');
  });

  it('in the terminal, in one line each', async () => {
    const lines: string[] = [];
    await terminalChannel({ write: (text) => void lines.push(text) }).send({ kind: 'terminal' }, page, 'key');
    expect(lines).toContain(`    likely cause: ${line}`);
    expect(lines).toContain('    related: inc-9 (Orders & clicks): model churn depends on data orders; they stay apart');
  });

  it('in the body of a webhook', () => {
    expect(pageBody(page, 'key')).toMatchObject({
      causes,
      related: [{ id: asIncidentId('inc-9'), title: 'Orders & clicks', why: related.why }],
    });
    expect(pageBody(examplePage(), 'key')).toMatchObject({ causes: [], related: [] });
  });

  it('on the page of the incident', async () => {
    const html = String(await incidentPage(detailOf(exampleIncident({ causes: causes, related: [related] })), 0, undefined));
    expect(html).toContain('<h2>Likely cause</h2>');
    expect(html).toContain('Orders &lt;are&gt; late <span class="dim">data orders</span>');
    expect(html).toContain('<a href="/incidents/inc-9">Orders &amp; clicks</a>');
    expect(String(await incidentPage(detailOf(exampleIncident()), 0, undefined))).not.toContain('Likely cause');
  });
});
