import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncidentDto } from '../../../http/api/dto/incident.ts';
import type { Step } from '../steps.ts';
import { until } from '../until.ts';
import type { Stage, World } from '../world.ts';

/**
 * A changed config is deployed while an incident is open, its timer runs, and a silence holds; at
 * first over a newer table.
 */
export function upgradeStory(world: World, stage: () => Stage, config: string): Step[] {
  let before: IncidentDto;
  let known = 0;
  return [
    {
      name: 'before the upgrade: an open incident with a running deadline, and a silence from Slack',
      async work() {
        const { name, deployed, traffic } = stage();
        const answer = await deployed.command('silence service=quiet 2h planned work', 'U0ANA');
        assert.equal(answer.status, 200);
        assert.equal((await deployed.silences()).length, 1, answer.body);
        traffic.set('backlog', 'store', 5000);
        await traffic.send();
        const { id } = await until(
          'an incident of the store',
          async () => {
            await world.account.evaluate(name);
            return (await deployed.incidents()).find(
              ({ groupLabels, status }) => groupLabels['service'] === 'store' && status === 'triggered',
            );
          },
          { seconds: 60, state: () => deployed.incidents('all') },
        );
        before = (await deployed.incident(id)).incident;
        assert.equal(before.escalation.tier, 1);
      },
    },
    {
      name: 'deployed over a table that a newer version has marked, it refuses all work and says why',
      async work() {
        const { name, table, deployed } = stage();
        known = Number(await world.account.tableMark(table));
        assert.ok(known >= 1, 'the table was marked by what is deployed');
        await world.account.markTable(table, known + 1);
        const changed = join(world.scratch, 'changed');
        cpSync(config, changed, { recursive: true });
        const path = join(changed, 'tocsin.yaml');
        writeFileSync(path, changedConfig(readFileSync(path, 'utf8'), world.spans.url));
        await world.cdk.deploy({
          stage: name,
          config: changed,
          slackApiUrl: world.slack.apiUrl,
          out: join(world.scratch, `cdk.out-${name}-changed`),
        });
        const sample = [{ metric: 'errors', service: 'refused', value: 0 }];
        const refused = await deployed.push(sample);
        assert.equal(refused.status, 503, refused.body);
        assert.match(refused.body, /the store was upgraded by a newer Tocsin/);
        await assert.rejects(world.account.evaluate(name), /written by a newer Tocsin/);
        await world.account.evaluate(name).catch(() => undefined);
        assert.equal(Number(await world.account.tableMark(table)), known + 1, 'the mark is not moved back');
      },
    },
    {
      name: 'CloudWatch tells the topic for faults, past Tocsin, as the policies of topic and key let it (the emulator looks at alarms when a metric is put, at no dimensions, and has no metrics of queues)',
      async work() {
        const { faults } = stage();
        await until(
          'the alarm about evaluate',
          async () => {
            await world.account.putMetrics('Probe', Date.now(), { Any: 1 });
            return (await faults.pages()).find(
              ({ text }) => /Evaluate fails/.test(text) && /"NewStateValue": ?"ALARM"/.test(text),
            );
          },
          { seconds: 30, state: () => faults.pages() },
        );
      },
    },
    {
      name: 'once the table is right it goes on: the open incident, its policy and the silence are kept, and senders are taken again',
      async work() {
        const { table, deployed, traffic } = stage();
        await world.account.markTable(table, known);
        const sample = [{ metric: 'errors', service: 'refused', value: 0 }];
        await until('samples to be taken', async () => (await deployed.push(sample)).status === 200, { seconds: 20 });
        assert.ok(traffic.putOff() > 0, 'senders were told to come again');
        const { incident } = await deployed.incident(before.id);
        assert.notEqual(incident.status, 'resolved');
        assert.deepEqual(
          [incident.escalation.policy, incident.escalation.tiers],
          [before.escalation.policy, before.escalation.tiers],
          'an incident keeps the policy it was opened under',
        );
        assert.deepEqual(
          (await deployed.silences()).map(({ comment }) => comment),
          ['planned work'],
        );
      },
    },
    {
      name: 'the deadline that was running before the upgrade pages tier 2 after it',
      async work() {
        const { deployed } = stage();
        const escalated = await until(
          'the escalation to tier 2',
          async () => (await deployed.incident(before.id)).timeline.find(({ kind }) => kind === 'escalated'),
          { seconds: 100, state: () => deployed.incident(before.id) },
        );
        assert.ok(Date.parse(escalated.at) >= Date.parse(before.nextStepAt ?? ''), 'at the deadline it had, not before');
        await until(
          'the page to tier 2',
          () => world.slack.messages.some(({ channel, text }) => channel === 'U0BEN' && text.includes('Backlog of a service')),
          {
            seconds: 20,
            state: () => world.slack.messages,
          },
        );
      },
    },
    {
      name: 'the rule that came with the upgrade pages, and what is silenced does not',
      async work() {
        const { name, deployed, traffic, pager } = stage();
        traffic.set('depth', 'loud', 50);
        traffic.set('errors', 'quiet', 50);
        await traffic.send();
        const has = (text: string) => async () => (await pager.pages()).find((page) => page.text.includes(text));
        await until(
          'the page of the new rule',
          async () => {
            await world.account.evaluate(name);
            return has('Depth of a queue')();
          },
          { seconds: 60, state: () => deployed.incidents('all') },
        );
        const muted = await until(
          'the muted incident',
          async () => {
            await world.account.evaluate(name);
            return (await deployed.incidents()).find(({ groupLabels }) => groupLabels['service'] === 'quiet');
          },
          { seconds: 30, state: () => deployed.incidents('all') },
        );
        const { incident: quiet } = await deployed.incident(muted.id);
        assert.equal(quiet.counts.muted, 1);
        assert.equal(quiet.escalation.tier, 0);
        assert.equal(await has('service=quiet')(), undefined);
      },
    },
    {
      name: 'the spans of the functions reach the collector that came with the upgrade, as one trace from the tick to the page',
      async work() {
        const { spans } = world;
        const wanted = ['evaluate', 'decide', 'create a message', 'process a message', 'deliver page', 'send a page'];
        const ways = () => spans.named('send a page').map((span) => spans.wayTo(span).join(', '));
        await until('such a trace', () => ways().includes(wanted.join(', ')), { seconds: 20, state: ways });
      },
    },
  ];
}

/** Another deadline for new incidents, one rule more, and spans that go to a collector. */
function changedConfig(text: string, endpoint: string): string {
  const patient = 'ackWithin: 1m';
  const rules = 'rules:\n';
  assert.ok(text.includes(patient) && text.includes(rules), 'the config is what this story knows');
  const rule = `${rules}  depth:
    title: Depth of a queue
    source: app
    query: { samples: { metric: depth, statistic: max } }
    step: 10s
    category: resource
    threshold: { above: { critical: 10 } }
    runbook: no-data

`;
  const traces = `settings:\n  traces: { endpoint: '${endpoint}' }\n`;
  return text.replace(patient, 'ackWithin: 1h').replace(rules, rule).replace('settings:\n', traces);
}
