import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { idOf, resourcesOf, synthesise } from './synthesise.ts';

const template = synthesise();
const queues = resourcesOf(template, 'AWS::SQS::Queue');

describe('the table', () => {
  it('is paid by use, encrypted, backed up, streamed and expires what is over', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: tableKeys.ttl, Enabled: true },
    });
  });

  it('outlives the stack in prod only', () => {
    const [, table] = resourcesOf(template, 'AWS::DynamoDB::Table')[0] as (typeof queues)[number];
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.Properties['DeletionProtectionEnabled']).toBe(true);
    const [, trial] = resourcesOf(synthesise({ stage: 'trial' }), 'AWS::DynamoDB::Table')[0] as (typeof queues)[number];
    expect(trial.DeletionPolicy).toBe('Delete');
    expect(trial.Properties['DeletionProtectionEnabled']).toBe(false);
  });
});

describe('the stream', () => {
  const mapping = resourcesOf(template, 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => Properties)
    .find((one) => one['StartingPosition'] !== undefined);

  it('hands on only effects that are new', () => {
    const criteria = mapping?.['FilterCriteria'] as { Filters: { Pattern: string }[] } | undefined;
    expect(criteria?.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['effect'] } } } },
    ]);
  });

  it('starts where nothing is missed, and one bad record does not block it', () => {
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 600,
    });
    expect(JSON.stringify(mapping?.['DestinationConfig'])).toContain(idOf(template, 'AWS::SQS::Queue', 'Undispatched'));
  });
});

describe('the queues', () => {
  it('are encrypted and reached by TLS only', () => {
    for (const [id, { Properties }] of queues) {
      expect(Properties['SqsManagedSseEnabled'], id).toBe(true);
      const policy = resourcesOf(template, 'AWS::SQS::QueuePolicy').find(([, one]) =>
        JSON.stringify(one.Properties['Queues']).includes(id),
      );
      expect(JSON.stringify(policy), id).toContain('"aws:SecureTransport":"false"');
    }
  });

  it('have a dead-letter queue each, after five tries', () => {
    const working = queues.filter(([, { Properties }]) => Properties['VisibilityTimeout'] !== undefined);
    expect(working).toHaveLength(5);
    const dead = working.map(
      ([, { Properties }]) =>
        Properties['RedrivePolicy'] as { deadLetterTargetArn: { 'Fn::GetAtt': string[] }; maxReceiveCount: number },
    );
    for (const { maxReceiveCount } of dead) expect(maxReceiveCount).toBe(5);
    expect(new Set(dead.map(({ deadLetterTargetArn }) => deadLetterTargetArn['Fn::GetAtt'][0])).size).toBe(5);
  });

  it('have invocations of their own, so that critical pages wait for no others, and a hook that hangs for no other hook', () => {
    const concurrency = Object.fromEntries(
      resourcesOf(template, 'AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) => {
        const source = JSON.stringify(Properties['EventSourceArn']);
        const name = /Queues(Urgent|Pages|Slow|Rollbacks|Wakes)Queue/.exec(source)?.[1];
        const scaling = Properties['ScalingConfig'] as { MaximumConcurrency: number } | undefined;
        return name === undefined ? [] : [[name, [JSON.stringify(Properties['FunctionName']), scaling?.MaximumConcurrency]]];
      }),
    ) as Record<string, [string, number]>;
    const [deliver, urgent] = concurrency['Urgent'] as [string, number];
    expect(concurrency['Pages']?.[0]).toBe(deliver);
    expect(concurrency['Slow']?.[0]).toBe(deliver);
    expect(urgent).toBeGreaterThanOrEqual(Number(concurrency['Pages']?.[1]) + Number(concurrency['Slow']?.[1]));
    expect(concurrency['Rollbacks']?.[1]).toBeGreaterThanOrEqual(20);
  });

  it('hide a message for at least six times as long as its function may run', () => {
    const mappings = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').filter(
      ([, one]) => one.Properties['StartingPosition'] === undefined,
    );
    expect(mappings).toHaveLength(5);
    for (const [, { Properties }] of mappings) {
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      const { 'Fn::GetAtt': source } = Properties['EventSourceArn'] as { 'Fn::GetAtt': [string, string] };
      const { Ref } = Properties['FunctionName'] as { Ref: string };
      const queue = queues.find(([id]) => id === source[0])?.[1].Properties;
      const consumer = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => id === Ref)?.[1].Properties;
      expect(Number(queue?.['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * Number(consumer?.['Timeout']));
    }
  });
});

describe('the topics', () => {
  it('are encrypted with a key that turns, and which CloudWatch may use in this account only', () => {
    template.resourcePropertiesCountIs('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() }, 2);
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('take messages over TLS only', () => {
    const policies = resourcesOf(template, 'AWS::SNS::TopicPolicy');
    expect(policies).toHaveLength(2);
    for (const [, policy] of policies) expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });
});
