// What programs do with the clients of PagerDuty and Opsgenie from npm. BASE is where they send; NODE_EXTRA_CA_CERTS names the CA.
const { promisify } = require('node:util');
const { event, change } = require('@pagerduty/pdjs');
const opsgenie = require('opsgenie-sdk');

const { BASE: base, ROUTING_KEY: key, API_KEY: apiKey } = process.env;
const server = new URL(base).host;
const said = {};

async function main() {
  const payload = { summary: 'Accuracy of churn v7 fell to 0.71', source: 'churn-batch', severity: 'critical' };
  const send = (data) => event({ server, data: { routing_key: key, ...data } });
  const first = await send({ event_action: 'trigger', dedup_key: 'churn/accuracy', payload });
  said.key = [first.status, first.data.dedup_key];
  const made = await send({ event_action: 'trigger', payload: { ...payload, summary: 'Drift without a key' } });
  said.made = made.data.dedup_key;
  await send({ event_action: 'acknowledge', dedup_key: 'churn/accuracy' });
  await send({ event_action: 'resolve', dedup_key: said.made });
  const deployed = { summary: 'Deployed churn v8', source: 'ci', custom_details: { model: 'churn', version: 8 } };
  said.change = (await change({ server, data: { routing_key: key, payload: deployed } })).status;
  said.wrongKey = (await event({ server, data: { routing_key: 'wrong', event_action: 'trigger', payload } })).status;

  // It repeats what is answered with 5xx five times, and logs what fails.
  opsgenie.configure({ host: base, api_key: apiKey });
  const call = (name) => promisify(opsgenie.alertV2[name].bind(opsgenie.alertV2));
  const alias = { identifier: 'rows-today', identifierType: 'alias' };
  said.created = (await call('create')({ message: 'Rows are missing', alias: alias.identifier, priority: 'P1' })).result;
  await call('create')({ message: 'Late', alias: 'late', priority: 'P3' });
  await call('acknowledge')(alias, { user: 'ana', note: 'on it' });
  await call('close')({ identifier: 'late', identifierType: 'alias' }, { note: 'done' });
  opsgenie.configure({ host: base, api_key: 'wrong' });
  said.wrongApiKey = await call('create')({ message: 'x' }).catch((error) => error.httpStatusCode);
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? JSON.stringify(error)}\n`);
  process.exitCode = 1;
});
