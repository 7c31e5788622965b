import assert from 'node:assert/strict';
import { actionIds } from '../../../core/response/slack/interaction.ts';
import { buttonOf, wordsOf } from '../slack-stand-in.ts';
import type { Step } from '../steps.ts';
import { until } from '../until.ts';
import type { Stage, World } from '../world.ts';

/**
 * A service fails, people are paged, one of them takes it, and it ends. Gives the incident to
 * `seen`.
 */
export function pagingStory(world: World, stage: () => Stage, seen: (incidentId: string) => void): Step[] {
  let incidentId = '';
  return [
    {
      name: 'senders without the right key, and people without the password, are refused',
      async work() {
        const { deployed } = stage();
        assert.equal((await deployed.push([{ metric: 'errors', service: 'checkout', value: 50 }], 'not-the-key')).status, 401);
        assert.equal((await deployed.page('/', 'not-the-password')).status, 401);
        assert.equal((await deployed.page('/api/incidents', 'not-the-password')).status, 401);
        assert.equal((await deployed.page('/runbooks/no-data', 'not-the-password')).status, 200, 'runbooks are open');
        assert.deepEqual(await deployed.incidents('all'), []);
      },
    },
    {
      name: 'samples pushed to the ingest address become a page on SNS and one in Slack, by the schedule of the stack alone',
      async work() {
        const { deployed, traffic, pager } = stage();
        traffic.set('errors', 'checkout', 50);
        await traffic.send();
        const page = await until(
          'a page on SNS',
          async () =>
            (await pager.pages()).find(({ reason, text }) => reason === 'triggered' && text.includes('Errors of a service')),
          {
            seconds: 120,
            state: async () => ({
              incidents: await deployed.incidents('all'),
              pages: await pager.pages(),
              refused: world.slack.refused,
            }),
          },
        );
        incidentId = page.incident;
        seen(incidentId);
        assert.match(page.text, /service=checkout/);
        const message = await until(
          'the same page in Slack',
          () => world.slack.messages.find((one) => buttonOf(one, actionIds.acknowledge) === incidentId),
          { seconds: 20, state: () => ({ messages: world.slack.messages, refused: world.slack.refused }) },
        );
        assert.equal(message.channel, 'U0ANA');
        assert.match(wordsOf(message), /\/runbooks\/no-data/, 'the page links to the runbook');
      },
    },
    {
      name: 'a press of the button with an old or a wrong signature does nothing',
      async work() {
        const { deployed } = stage();
        assert.equal((await deployed.press('acknowledge', incidentId, { id: 'U0ANA', ageSeconds: 600 })).status, 401);
        const forged = await deployed.press('acknowledge', incidentId, { id: 'U0ANA', secret: 'of somebody else' });
        assert.equal(forged.status, 401);
        assert.equal((await deployed.incident(incidentId)).incident.acknowledgedBy, undefined);
      },
    },
    {
      name: 'a signed press of the button in Slack acknowledges, and the message in Slack says so',
      async work() {
        const { deployed } = stage();
        assert.equal((await deployed.press('acknowledge', incidentId, { id: 'U0ANA' })).status, 200);
        const { incident } = await deployed.incident(incidentId);
        assert.equal(incident.status, 'acknowledged');
        assert.equal(incident.acknowledgedBy, 'responder/ana');
        const posted = () => world.slack.messages.filter((one) => wordsOf(one).includes(incidentId));
        await until(
          'the message to be brought up to date',
          () => posted().some((one) => one.updates > 0 && /acknowledged by responder\/ana/.test(wordsOf(one))),
          { seconds: 20, state: posted },
        );
      },
    },
    {
      name: 'it resolves itself once the errors stop, and tells those who were paged',
      async work() {
        const { name, deployed, traffic, pager } = stage();
        traffic.set('errors', 'checkout', 0);
        await traffic.send();
        await until(
          'the incident to be resolved',
          async () => {
            await world.account.evaluate(name);
            return (await deployed.incident(incidentId)).incident.status === 'resolved';
          },
          { seconds: 60, state: async () => deployed.incident(incidentId) },
        );
        await until(
          'the page of its end on SNS',
          async () => (await pager.pages()).find(({ reason, incident }) => reason === 'resolved' && incident === incidentId),
          { seconds: 20, state: () => pager.pages() },
        );
      },
    },
    {
      name: 'its timeline is read at the web address with the password',
      async work() {
        const { deployed } = stage();
        const { timeline } = await deployed.incident(incidentId);
        const kinds = timeline.map(({ kind }) => kind);
        const wanted = ['opened', 'alert fired', 'page', 'page delivered', 'acknowledged', 'alert resolved', 'resolved'];
        assert.deepEqual(
          wanted.filter((kind) => !kinds.some((one) => one === kind)),
          [],
          `expected each of ${wanted.join(', ')}; received ${kinds.join(', ')}`,
        );
        const shown = await deployed.page(`/incidents/${incidentId}`);
        assert.equal(shown.status, 200);
        assert.match(shown.body, /Timeline/);
        assert.match(shown.body, /responder\/ana/);
      },
    },
  ];
}
