import { createDocument } from 'zod-openapi';
import { alertmanagerPaths } from './paths/alertmanager.ts';
import { alertPaths } from './paths/alerts.ts';
import { baselinePaths } from './paths/baselines.ts';
import { calendarPaths } from './paths/calendar.ts';
import { changePaths } from './paths/changes.ts';
import { deploymentPaths } from './paths/deployments.ts';
import { devicePaths } from './paths/devices.ts';
import { eventPaths } from './paths/events.ts';
import { eventPathsOfOthers } from './paths/events-of-others.ts';
import { heartbeatPaths } from './paths/heartbeats.ts';
import { incidentPaths } from './paths/incidents.ts';
import { integrationPaths } from './paths/integrations.ts';
import { labelPaths } from './paths/labels.ts';
import { mlflowPaths } from './paths/mlflow.ts';
import { modelPaths } from './paths/models.ts';
import { nowPaths } from './paths/now.ts';
import { onCallPaths } from './paths/on-call.ts';
import { otlpPaths } from './paths/otlp.ts';
import { recordPaths } from './paths/records.ts';
import { remoteWritePaths } from './paths/remote-write.ts';
import { routingPaths } from './paths/routing.ts';
import { ruleScreenPaths } from './paths/rule-screens.ts';
import { rulePaths } from './paths/rules.ts';
import { runbookPaths } from './paths/runbooks.ts';
import { searchPaths } from './paths/search.ts';
import { servicePaths } from './paths/service.ts';
import { sessionPaths } from './paths/session.ts';
import { silencePaths } from './paths/silences.ts';
import { slackPaths } from './paths/slack.ts';
import { trainingPaths } from './paths/trainings.ts';
import { together } from './together.ts';
import { webhooks } from './webhooks.ts';

const description = `Everything that Tocsin answers to programs, and what it sends to webhooks. The pages for people are not part of it.

Times are RFC 3339 in UTC; what is sent may also be in milliseconds since the epoch, where \`RecordTime\` says so. Durations end in \`Ms\`.
Every refusal is \`{ "error": "..." }\`: one line that says what was wrong, what was received, and what to do. New fields may come at
any time; ignore those that you do not know.

On one machine everything is at one address. On AWS each part has its own: \`IngestUrl\` for Ingest and for alerts that are posted, \`SlackUrl\`
for Slack, \`WebUrl\` for the rest. \`/healthz\` is at each of them.`;

/**
 * The OpenAPI document, from the schemas that answers and bodies have. Built by `npm run generate`,
 * never while serving. `closed`: as tests want it, with no field in an answer that it does not
 * name; callers are told to expect more.
 */
export function openApiDocument(version: string, { closed = false } = {}): ReturnType<typeof createDocument> {
  return createDocument(
    {
      openapi: '3.1.1',
      info: { title: 'Tocsin', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: 'http://127.0.0.1:4319', description: 'One machine, as `npm start` serves it.' }],
      tags: [
        { name: 'Ingest', description: 'What senders of records call, with an ingest key where the config has any.' },
        {
          name: 'Alertmanager',
          description:
            'What Prometheus calls and whatever else posts to an Alertmanager; and what its clients ask, such as amtool, Karma and Grafana.',
        },
        { name: 'PagerDuty', description: "What clients of PagerDuty's Events API v2 call." },
        { name: 'Opsgenie', description: "What clients of Opsgenie's Alert API call." },
        { name: 'Incidents', description: 'What people respond to.' },
        { name: 'Silences', description: 'Nobody is paged about alerts that match.' },
        { name: 'On call', description: 'Who is paged, and who in their place.' },
        { name: 'Devices', description: 'Browsers that take the pages of a responder.' },
        { name: 'Heartbeats', description: 'Jobs that report their runs.' },
        { name: 'Changes', description: 'What was deployed, switched or altered, as others say.' },
        { name: 'Deployments', description: 'What serves, and what became of rollbacks.' },
        { name: 'Baselines', description: 'What versions of models were trained on.' },
        { name: 'Models', description: 'Versions, quality, and what features are like.' },
        { name: 'True outcomes', description: 'What became of the true outcomes that were sent.' },
        { name: 'Rules', description: 'What rules have to judge by.' },
        { name: 'Audit log', description: 'Who did what.' },
        { name: 'Events', description: 'What changes, as it does.' },
        { name: 'Signing in', description: 'Who asks, and what they may do.' },
        { name: 'Slack', description: 'What Slack calls; nobody else has the secret to sign with.' },
        { name: 'Service', description: 'Tocsin itself.' },
        { name: 'Webhooks', description: 'What Tocsin calls, at addresses that the config names.' },
      ],
      paths: {
        ...recordPaths,
        ...changePaths,
        ...mlflowPaths,
        ...remoteWritePaths,
        ...otlpPaths,
        ...trainingPaths,
        ...heartbeatPaths,
        ...together(alertPaths, alertmanagerPaths),
        ...eventPathsOfOthers,
        ...incidentPaths,
        ...runbookPaths,
        ...silencePaths,
        ...routingPaths,
        ...onCallPaths,
        ...calendarPaths,
        ...devicePaths,
        ...deploymentPaths,
        ...baselinePaths,
        ...modelPaths,
        ...labelPaths,
        ...nowPaths,
        ...rulePaths,
        ...eventPaths,
        ...ruleScreenPaths,
        ...searchPaths,
        ...sessionPaths,
        ...slackPaths,
        ...servicePaths,
        ...integrationPaths,
      },
      webhooks,
      components: {
        securitySchemes: {
          ingestKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key of `settings.ingestKeys`; on one machine without any it is not asked for.',
          },
          ingestKeyAsPassword: {
            type: 'http',
            scheme: 'basic',
            description: 'The same key as password, under any user name, for senders that know no bearer tokens.',
          },
          webPassword: {
            type: 'http',
            scheme: 'basic',
            description:
              'Any user name, which becomes the actor, with `settings.webPassword`; on one machine without one it is not asked for.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-tocsin',
            description:
              'The session of a browser, from the page `/signin`; called `tocsin` where the page is reached without TLS. A post needs the header `Origin`, too.',
          },
          tocsinSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'Tocsin-Signature',
            description: 'Made by Tocsin with the secret that the config names; check it before you believe a request.',
          },
          mlflowSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'X-MLflow-Signature',
            description: 'HMAC-SHA256 by the secret of the webhook, as MLflow makes it.',
          },
          slackSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'X-Slack-Signature',
            description: 'HMAC-SHA256 by the signing secret, as Slack makes it.',
          },
        },
      },
    },
    {
      reused: 'inline',
      override: ({ jsonSchema, io }) => {
        if (io === 'output' && !closed && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
}
