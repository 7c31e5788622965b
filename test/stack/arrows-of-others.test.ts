import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { Tocsin } from '../../lib/tocsin.ts';
import { awsConfig, parsedConfig } from './example-config.ts';
import { unbundled } from './synthesise.ts';
import { here, type TemplateJson } from './walk/resolve.ts';
import { walk } from './walk/walk.ts';

const named = `arn:aws:sns:${here.region}:${here.account}:theirs`;
const config = parsedConfig({ ...awsConfig, channels: { ops: { sns: 'default' }, other: { sns: named } } });

function walked(use: (stack: Stack, tocsin: Tocsin) => void) {
  const stack = new Stack(new App({ context: unbundled }), 'Theirs');
  use(stack, new Tocsin(stack, 'Tocsin', { config }));
  return walk(Template.fromStack(stack).toJSON() as TemplateJson);
}

describe('in the stack of someone else', () => {
  it('alarms of theirs reach both topics', () => {
    const { arrows, refused, unknown } = walked((stack, tocsin) => {
      for (const topic of [tocsin.topics.pages, tocsin.topics.faults])
        new Alarm(stack, `On${topic.node.id}`, {
          metric: new Metric({ namespace: 'Theirs', metricName: 'Errors' }),
          threshold: 1,
          evaluationPeriods: 1,
        }).addAlarmAction(new SnsAction(topic));
    });
    expect(arrows.filter(({ from, kind }) => from.startsWith('On') && kind === 'alarm -> topic')).toHaveLength(2);
    expect([...refused, ...unknown]).toEqual([]);
  });

  it('a rule of theirs reaches the topic for pages, by the grant that the CDK makes for it', () => {
    const { arrows, refused, unknown } = walked((stack, tocsin) => {
      const lost = new Queue(stack, 'Lost');
      new Rule(stack, 'Daily', {
        schedule: Schedule.rate(Duration.days(1)),
        targets: [new SnsTopic(tocsin.topics.pages, { deadLetterQueue: lost })],
      });
    });
    expect(
      arrows
        .filter(({ from }) => from.startsWith('Daily'))
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['dead letters of a rule -> queue', 'rule -> topic']);
    expect([...refused, ...unknown]).toEqual([]);
  });

  it('pages reach a queue of theirs under a key of theirs', () => {
    const { arrows, refused, unknown } = walked((stack, tocsin) => {
      const queue = new Queue(stack, 'Inbox', { encryptionMasterKey: new Key(stack, 'InboxKey'), enforceSSL: true });
      const deadLetterQueue = new Queue(stack, 'Lost');
      tocsin.topics.pages.addSubscription(new SqsSubscription(queue, { deadLetterQueue }));
    });
    expect(arrows.filter(({ kind }) => kind === 'topic -> queue' || kind === 'dead letters of a topic -> queue')).toHaveLength(2);
    expect([...refused, ...unknown]).toEqual([]);
  });

  it('a topic of theirs is published to by its name in the config', () => {
    const { arrows, refused, unknown } = walked((stack) => {
      new Topic(stack, 'Own', { topicName: 'theirs', enforceSSL: true });
    });
    expect(arrows.filter(({ kind, to }) => kind === 'sns:Publish' && to.startsWith('Own'))).toHaveLength(1);
    expect([...refused, ...unknown]).toEqual([]);
  });

  it('a topic of theirs under a key of theirs takes pages once it lets the publisher in, and not before', () => {
    const own = (stack: Stack): Topic =>
      new Topic(stack, 'Own', { topicName: 'theirs', enforceSSL: true, masterKey: new Key(stack, 'OwnKey') });
    const before = walked(own);
    expect(before.refused).toHaveLength(1);
    expect(before.refused[0]).toMatch(/sns:Publish on Own\w+: kms:GenerateDataKey on its key: no statement allows it/);
    const after = walked((stack, tocsin) => own(stack).grantPublish(tocsin.publisher));
    expect(after.refused).toEqual([]);
    expect(after.unknown).toEqual([]);
  });
});
