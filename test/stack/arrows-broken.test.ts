import { describe, expect, it } from 'vitest';
import {
  add,
  gone,
  type Json,
  key,
  propertiesOf,
  remove,
  rights,
  some,
  statements,
  topicPolicy,
  whole,
  without,
} from './walk/break.ts';
import type { TemplateJson } from './walk/resolve.ts';
import { walk } from './walk/walk.ts';

const alarms = Object.values(whole.Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length;
const bothWays = alarms * 2;

/** What is broken, what each refusal says, and how many there are. */
const broken: [string, (template: TemplateJson) => void, RegExp, number][] = [
  [
    'the topic lets no alarm in, which is what enforceSSL makes of it',
    (template) => statements(topicPolicy(template), 'PolicyDocument', 'cloudwatch', gone),
    /alarm -> topic: .*Faults\w*: sns:Publish .* no statement allows it to cloudwatch/,
    bothWays,
  ],
  [
    'the topic lets in alarms of another account',
    (template) =>
      statements(topicPolicy(template), 'PolicyDocument', 'cloudwatch', (one) => [
        { ...one, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } },
      ]),
    /alarm -> topic: .* no statement allows it/,
    bothWays,
  ],
  [
    'the topic lets in alarms of another region',
    (template) =>
      statements(topicPolicy(template), 'PolicyDocument', 'cloudwatch', (one) => [
        { ...one, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:*' } } },
      ]),
    /alarm -> topic: .* no statement allows it/,
    bothWays,
  ],
  [
    'the topic lets in alarms, and denies it to everybody',
    (template) =>
      statements(topicPolicy(template), 'PolicyDocument', 'cloudwatch', (one) => [
        one,
        { Effect: 'Deny', Principal: '*', Action: 'sns:*', Resource: '*' },
      ]),
    /alarm -> topic: .* a statement denies it to cloudwatch/,
    bothWays,
  ],
  [
    'the key lets no alarm in',
    (template) => statements(key(template), 'KeyPolicy', 'cloudwatch', gone),
    /alarm -> topic: .* kms:GenerateDataKey on its key: no statement allows it to cloudwatch/,
    bothWays,
  ],
  [
    'the key lets alarms encrypt and not decrypt',
    (template) => statements(key(template), 'KeyPolicy', 'cloudwatch', without('kms:Decrypt')),
    /alarm -> topic: .* kms:Decrypt on its key/,
    bothWays,
  ],
  [
    'the key lets in alarms of another account',
    (template) =>
      statements(key(template), 'KeyPolicy', 'cloudwatch', (one) => [
        { ...one, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } },
      ]),
    /alarm -> topic: .* on its key: no statement/,
    bothWays,
  ],
  [
    'the topic is under the key that AWS manages',
    (template) => {
      propertiesOf(template, 'AWS::SNS::Topic', 'TopicsFaults')['KmsMasterKeyId'] = 'alias/aws/sns';
    },
    /alarm -> topic: .* the key alias\/aws\/sns of AWS lets no other service in/,
    bothWays,
  ],
  [
    'the key leaves nothing to the account, so the right of deliver to use it is worth nothing',
    (template) => statements(key(template), 'KeyPolicy', ':root', gone),
    /(function -> topic|sns:Publish): .* kms:GenerateDataKey on its key: no statement allows it to \w+Deliver/,
    2,
  ],
  [
    'deliver may not use the key',
    (template) => statements(rights(template, 'DeliverRole'), 'PolicyDocument', 'kms:', gone),
    /(function -> topic|sns:Publish): .*Pages\w*: .* on its key: no statement allows it to \w+DeliverRole/,
    2,
  ],
  [
    'deliver may not publish',
    (template) => statements(rights(template, 'DeliverRole'), 'PolicyDocument', 'sns:Publish', gone),
    /function -> topic: .* sns:Publish .* no statement allows it to \w+DeliverRole/,
    1,
  ],
  [
    'dispatch may not send to the queues it is told of',
    (template) =>
      statements(rights(template, 'DispatchRole'), 'PolicyDocument', 'QueuesWakesQueue', (one) => [
        {
          ...one,
          Resource: (one['Resource'] as unknown[]).filter((queue) => !JSON.stringify(queue).includes('QueuesWakesQueue')),
        },
      ]),
    /function -> queue: \w+Dispatch\w+ -> \w+WakesQueue\w+: sqs:SendMessage/,
    1,
  ],
  [
    'what the stream could not hand over may not be put aside',
    (template) => statements(rights(template, 'DispatchRole'), 'PolicyDocument', 'Undispatched', gone),
    /destination -> queue: .* -> \w+Undispatched\w+: sqs:SendMessage/,
    1,
  ],
  [
    'the stream may not be read',
    (template) => statements(rights(template, 'DispatchRole'), 'PolicyDocument', 'GetRecords', without('dynamodb:GetRecords')),
    /stream -> function: .* -> \w+Dispatch\w+: dynamodb:GetRecords/,
    1,
  ],
  [
    'messages may be received and not deleted',
    (template) => statements(rights(template, 'WakeRole'), 'PolicyDocument', 'DeleteMessage', without('sqs:DeleteMessage')),
    /queue -> function: .* -> \w+Wake\w+: sqs:DeleteMessage/,
    1,
  ],
  [
    'an index may not be read',
    (template) => statements(rights(template, 'SweepRole'), 'PolicyDocument', '/index/', gone),
    /function -> table: \w+Sweep\w+ -> .* dynamodb:Query/,
    2,
  ],
  [
    'a function may not write its log',
    (template) => statements(rights(template, 'IngestFunctionRole'), 'PolicyDocument', 'logs:PutLogEvents', gone),
    /function -> log: \w+Ingest.* logs:/,
    2,
  ],
  [
    'Lambda may not act as the role of its function',
    (template) => {
      propertiesOf(template, 'AWS::IAM::Role', 'SweepRole')['AssumeRolePolicyDocument'] = {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
      };
    },
    /service -> role: \w+Sweep\w+ -> \w+SweepRole\w+: sts:AssumeRole/,
    1,
  ],
  [
    'no rule may start evaluation',
    (template) => remove(template, 'AWS::Lambda::Permission', 'EvaluationEveryMinute'),
    /rule -> function: .* lambda:InvokeFunction .* no statement allows it to events/,
    1,
  ],
  [
    'another rule may start the sweep',
    (template) => {
      propertiesOf(template, 'AWS::Lambda::Permission', 'EscalationEveryMinute')['SourceArn'] =
        'arn:aws:events:eu-central-1:111122223333:rule/another';
    },
    /rule -> function: .* lambda:InvokeFunction .* no statement allows it to events/,
    1,
  ],
  [
    'an address is open to nobody',
    (template) => remove(template, 'AWS::Lambda::Permission', 'IngestFunctioninvokefunctionurl'),
    /address -> function: .* lambda:InvokeFunctionUrl .* no statement allows it to anyone/,
    1,
  ],
  [
    'an address has the older of its two rights only',
    (template) => {
      const asked = some(template, 'AWS::Lambda::Permission', 'WebFunction').filter(([, one]) => one['InvokedViaFunctionUrl']);
      for (const [id] of asked) delete template.Resources[id];
    },
    /address -> function: .* lambda:InvokeFunction .* no statement allows it to anyone/,
    1,
  ],
  [
    'a dead-letter queue takes from no other queue',
    (template) => {
      propertiesOf(template, 'AWS::SQS::Queue', 'PagesDeadLetters')['RedriveAllowPolicy'] = { redrivePermission: 'denyAll' };
    },
    /dead letters of a queue -> queue: .*PagesQueue\w+ -> .*RedriveAllowPolicy/,
    1,
  ],
  [
    'a queue without a policy is subscribed to a topic',
    (template) => {
      remove(template, 'AWS::SQS::QueuePolicy', 'Undispatched');
      const [[topic]] = some(template, 'AWS::SNS::Topic', 'TopicsPages') as [[string, Json]];
      const [[queue]] = some(template, 'AWS::SQS::Queue', 'Undispatched') as [[string, Json]];
      add(template, 'Subscribed', {
        Type: 'AWS::SNS::Subscription',
        Properties: { Protocol: 'sqs', TopicArn: { Ref: topic }, Endpoint: { 'Fn::GetAtt': [queue, 'Arn'] } },
      });
    },
    /topic -> queue: Subscribed -> \w+Undispatched\w+: sqs:SendMessage .* no statement allows it to sns/,
    1,
  ],
];

describe('the walk of the arrows', () => {
  it.each(broken)('tells when %s', (_, change, said, times) => {
    const template = structuredClone(whole);
    change(template);
    const { refused, unknown } = walk(template);
    expect(unknown).toEqual([]);
    expect(refused.filter((one) => !said.test(one))).toEqual([]);
    expect(refused).toHaveLength(times);
  });

  it('knows that a topic without a policy has that of SNS, which lets the alarms of its account in', () => {
    const template = structuredClone(whole);
    remove(template, 'AWS::SNS::TopicPolicy', 'TopicsFaults');
    expect(walk(template).refused).toEqual([]);
  });
});
