import { describe, expect, it } from 'vitest';
import { awsConfig, parsedConfig } from './example-config.ts';
import { synthesise } from './synthesise.ts';
import type { TemplateJson } from './walk/resolve.ts';
import { walk } from './walk/walk.ts';

const jsonOf = (props: Parameters<typeof synthesise>[0] = {}) => synthesise(props).toJSON() as TemplateJson;
const template = jsonOf();
const walked = walk(template);

const everything = parsedConfig({
  ...awsConfig,
  settings: {
    ...awsConfig.settings,
    ownMetrics: true,
    traces: { endpoint: 'xray' },
    syntheticIncident: { every: '1h', within: '3m', contact: { sns: 'default' } },
  },
});

describe('the arrows between the services of the stack', () => {
  it.each([
    ['in prod', template],
    ['in another stage', jsonOf({ stage: 'staging', publicConcurrency: 5 })],
    ['with all that can be asked for', jsonOf({ config: everything })],
  ])('are allowed by every policy on their way, %s', (_, given) => {
    const { refused, unknown } = walk(given);
    expect(unknown).toEqual([]);
    expect(refused).toEqual([]);
  });

  it('begin at everything that calls', () => {
    const from = new Set(walked.arrows.map((arrow) => arrow.from));
    const to = new Set(walked.arrows.map((arrow) => arrow.to));
    const idsOf = (type: string) => Object.entries(template.Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
    const callers = ['CloudWatch::Alarm', 'Events::Rule', 'Lambda::Url', 'Lambda::Function'].flatMap((type) =>
      idsOf(`AWS::${type}`),
    );
    expect(callers.length).toBeGreaterThan(40);
    expect(callers.filter((id) => !from.has(id))).toEqual([]);
    // What nothing calls has no use: a function nobody starts, a queue nobody sends to, a table
    // nobody reads.
    const called = ['Lambda::Function', 'SQS::Queue', 'DynamoDB::Table', 'Logs::LogGroup', 'IAM::Role'].flatMap((type) =>
      idsOf(`AWS::${type}`),
    );
    expect(called.filter((id) => !to.has(id))).toEqual([]);
    const fed = walked.arrows.filter(({ kind }) => ['queue -> function', 'stream -> function'].includes(kind));
    expect(fed).toHaveLength(idsOf('AWS::Lambda::EventSourceMapping').length);
  });

  it('are of these kinds', () => {
    expect([...new Set(walked.arrows.filter(({ outside }) => !outside).map(({ kind }) => kind))].toSorted()).toEqual([
      'address -> function',
      'alarm -> topic',
      'dead letters of a queue -> queue',
      'destination -> queue',
      'function -> function',
      'function -> log',
      'function -> queue',
      'function -> table',
      'function -> topic',
      'queue -> function',
      'rule -> function',
      'service -> role',
      'sns:Publish',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'stream -> function',
    ]);
  });

  it('lead outside only to secrets, metrics, and the topics and functions that the config names', () => {
    const far = walked.arrows.filter(({ outside }) => outside).map(({ kind, to }) => `${kind} ${to}`);
    const secret = (name: string) =>
      `secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:111122223333:secret:tocsin/prod/${name}-??????`;
    const scorer = 'arn:aws:lambda:eu-central-1:111122223333:function:scorer';
    expect(far.toSorted()).toEqual(
      [
        // Of evaluate, and of judge.
        'cloudwatch:GetMetricData *',
        'cloudwatch:GetMetricData *',
        `lambda:GetAlias ${scorer}`,
        `lambda:ListVersionsByFunction ${scorer}`,
        `lambda:UpdateAlias ${scorer}`,
        ...['INGEST_KEY', 'PAGER_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'TRAINER_HOOK_SECRET', 'WEB_PASSWORD'].map(
          secret,
        ),
        'sns:Publish arn:aws:sns:eu-central-1:123456789012:other',
      ].toSorted(),
    );
  });
});
