import assert from 'node:assert/strict';
import { actionIds } from '../../../core/response/slack/interaction.ts';
import type { JudgementDto } from '../../../http/api/dto/rule.ts';
import { shape } from '../metric-math.ts';
import { buttonOf } from '../slack-stand-in.ts';
import type { Step } from '../steps.ts';
import { until } from '../until.ts';
import type { Stage, World } from '../world.ts';

/**
 * A release makes the model slow: it is rolled back, nobody answers in time, the next tier is
 * paged, and it recovers.
 */
export function remedyStory(world: World, stage: () => Stage, earlier: () => string): Step[] {
  let incidentId = '';
  const inSlack = (channel: string) =>
    world.slack.messages.find((one) => one.channel === channel && buttonOf(one, actionIds.acknowledge) === incidentId);
  const evaluated = async () => {
    await world.account.evaluate(stage().name);
    return stage().deployed.incident(incidentId);
  };

  return [
    {
      name: 'a bad release of the model shows in CloudWatch, and pages',
      async work() {
        const { name, deployed, traffic } = stage();
        traffic.scorer({ Latency: 20, Failed: 0, Calls: 100 });
        await traffic.send();
        assert.equal(await world.account.servedRelease(), 'first');
        assert.equal(await world.account.release('second'), '2');
        assert.equal(await world.account.servedRelease(), 'second');
        traffic.scorer({ Latency: 500, Failed: 20, Calls: 100 });
        await traffic.send();
        const incident = await until(
          'an incident of the scorer',
          async () => {
            await world.account.evaluate(name);
            return (await deployed.incidents()).find(
              ({ groupLabels, severity }) => groupLabels['service'] === 'scorer' && severity === 'critical',
            );
          },
          { seconds: 60, state: () => deployed.incidents('all') },
        );
        incidentId = incident.id;
        await until('the page in Slack', () => inSlack('U0ANA'), { seconds: 20, state: () => world.slack.messages });
      },
    },
    {
      name: 'a verdict over HTTP asks CloudWatch now, in the function that may write nothing, and no more often than it should',
      async work() {
        const { deployed } = stage();
        const before = (await deployed.incidents('all')).length;
        const path = '/api/rules/latency/verdict';
        const { status, body } = await deployed.page(path);
        assert.equal(status, 200, body);
        const found = JSON.parse(body) as JudgementDto;
        assert.equal(found.fault, undefined, body);
        assert.equal(found.verdicts.critical, 1, body);
        assert.equal(found.series[0]?.found?.value, 500, body);
        const again = await deployed.page(path);
        assert.equal(again.status, 429, again.body);
        assert.equal((await deployed.page('/api/rules/latncy/verdict')).status, 404);
        assert.equal((await deployed.page(path, 'not-the-password')).status, 401);
        assert.equal((await deployed.incidents('all')).length, before);
      },
    },
    {
      name: 'the Lambda alias is rolled back, and callers of the model get the first release again',
      async work() {
        const { deployed } = stage();
        await until('the alias to point to version 1', async () => (await world.account.alias()) === '1', {
          seconds: 30,
          state: () => deployed.incident(incidentId),
        });
        assert.equal(await world.account.servedRelease(), 'first');
        await until(
          'the result on the timeline',
          async () => (await deployed.incident(incidentId)).incident.rollback?.state === 'verifying',
          {
            seconds: 20,
            state: async () => (await deployed.incident(incidentId)).timeline,
          },
        );
      },
    },
    {
      name: 'nobody acknowledges, the deadline passes, and tier 2 is paged',
      async work() {
        await until('a page to tier 2 in Slack', () => inSlack('U0BEN'), {
          seconds: 60,
          state: async () => (await stage().deployed.incident(incidentId)).timeline,
        });
        const { incident, timeline } = await stage().deployed.incident(incidentId);
        assert.equal(incident.escalation.tier, 2);
        assert.ok(
          timeline.some(({ kind }) => kind === 'escalated'),
          'and the timeline says so',
        );
      },
    },
    {
      name: 'the incident that was acknowledged before did not escalate',
      async work() {
        const { incident } = await stage().deployed.incident(earlier());
        assert.equal(incident.escalation.tier, 1);
      },
    },
    {
      name: 'metric math is judged too (the emulator has none: answered by a stand-in), as an alert of the same incident',
      async work() {
        const joined = async () => (await evaluated()).incident.alerts.some(({ rule }) => rule === 'failures');
        await until('the alert about the share of failed calls', joined, {
          seconds: 40,
          state: () => stage().deployed.incident(incidentId),
        });
        assert.deepEqual([...world.math.answered], [shape('failed / calls')]);
      },
    },
    {
      name: 'the metric recovers, and the incident is resolved with the rollback as its remedy',
      async work() {
        const { traffic, deployed } = stage();
        traffic.scorer({ Latency: 20, Failed: 0, Calls: 100 });
        await traffic.send();
        await until('the incident to be resolved', async () => (await evaluated()).incident.status === 'resolved', {
          seconds: 60,
          state: () => deployed.incident(incidentId),
        });
        const { incident } = await deployed.incident(incidentId);
        assert.equal(incident.rollback?.state, 'succeeded');
        assert.equal(incident.resolveReason, 'recovered after the rollback of scorer from 2 to 1');
      },
    },
  ];
}
