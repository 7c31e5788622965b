import { describe, expect, it } from 'vitest';
import { add, type Json, key, propertiesOf, rights, some, statements, whole } from './walk/break.ts';
import type { Resource, TemplateJson } from './walk/resolve.ts';
import { walk } from './walk/walk.ts';

/** What the walk cannot judge, and the name that it calls it by. */
const strange: [string, (template: TemplateJson) => void, RegExp][] = [
  [
    'a kind of resource',
    (template) => add(template, 'Stream', { Type: 'AWS::Kinesis::Stream' }),
    /does not know AWS::Kinesis::Stream/,
  ],
  [
    'a new arrow of a kind of resource that it knows',
    (template) => {
      const [[role]] = some(template, 'AWS::IAM::Role') as [[string, Json]];
      propertiesOf(template, 'AWS::SNS::Topic')['DeliveryStatusLogging'] = [
        { Protocol: 'sqs', FailureFeedbackRoleArn: { 'Fn::GetAtt': [role, 'Arn'] } },
      ];
    },
    /does not know AWS::SNS::Topic DeliveryStatusLogging\[\]\.FailureFeedbackRoleArn/,
  ],
  [
    'an alarm that calls something else than a topic',
    (template) => {
      const [[one]] = some(template, 'AWS::Lambda::Function') as [[string, Json]];
      propertiesOf(template, 'AWS::CloudWatch::Alarm')['AlarmActions'] = [{ 'Fn::GetAtt': [one, 'Arn'] }];
    },
    /does not know AWS::CloudWatch::Alarm AlarmActions\[\] to AWS::Lambda::Function/,
  ],
  [
    'a function that is told of something else',
    (template) => {
      const [[key]] = some(template, 'AWS::KMS::Key') as [[string, Json]];
      const { Variables } = propertiesOf(template, 'AWS::Lambda::Function', 'Deliver')['Environment'] as { Variables: Json };
      Variables['TOCSIN_KEY'] = { Ref: key };
    },
    /does not know AWS::Lambda::Function Environment\.Variables\.TOCSIN_KEY to AWS::KMS::Key/,
  ],
  [
    'a right of a role to a service that it does not follow',
    (template) =>
      statements(rights(template, 'DeliverRole'), 'PolicyDocument', 'kms:', (one) => [
        one,
        { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
      ]),
    /what \w+DeliverRole\w+ does with s3:PutObject/,
  ],
  [
    'a condition',
    (template) =>
      statements(key(template), 'KeyPolicy', 'cloudwatch', (one) => [
        { ...one, Condition: { NumericLessThan: { 'aws:x': '1' } } },
      ]),
    /does not know the condition operator NumericLessThan/,
  ],
  [
    'two policies of one topic, of which one replaces the other',
    (template) =>
      add(
        template,
        'Second',
        structuredClone(template.Resources[some(template, 'AWS::SNS::TopicPolicy', 'Faults')[0]?.[0] ?? ''] as Resource),
      ),
    /\w+Faults\w+ and Second are both the policy of \w+Faults/,
  ],
  [
    'what a policy of AWS lets a role do',
    (template) => {
      propertiesOf(template, 'AWS::IAM::Role', 'SweepRole')['ManagedPolicyArns'] = [
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ];
    },
    /ManagedPolicyArns/,
  ],
];

describe('the walk of the arrows', () => {
  it.each(strange)('names what it does not know: %s', (_, change, said) => {
    const template = structuredClone(whole);
    change(template);
    expect(walk(template).unknown.join('\n')).toMatch(said);
  });
});
