import { describe, expect, it } from 'vitest';
import { conditionsHold, matches } from './walk/conditions.ts';
import { answerOf, type Caller, type Statement } from './walk/policy.ts';

const cloudwatch: Caller = { kind: 'service', name: 'cloudwatch.amazonaws.com' };
const role: Caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/one', account: '111122223333' };
const topic = 'arn:aws:sns:eu-central-1:111122223333:faults';
const ask = (statements: Statement[], caller: Caller = cloudwatch, context = {}) =>
  answerOf(statements, { caller, action: 'sns:Publish', resource: topic, context });
const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 'sns:Publish',
  Resource: topic,
  Principal: '*',
  ...more,
});

describe('a policy, as the walk reads it', () => {
  it('says nothing where no statement speaks of the request', () => {
    expect(ask([])).toBe('nothing');
    expect(ask([allow({ Action: 'sns:Subscribe' })])).toBe('nothing');
    expect(ask([allow({ Resource: `${topic}2` })])).toBe('nothing');
    expect(ask([allow({ Principal: { Service: 'events.amazonaws.com' } })])).toBe('nothing');
  });

  it('takes a Deny over every Allow, whichever comes first', () => {
    const deny = allow({ Effect: 'Deny' });
    expect(ask([allow()])).toBe('allow');
    expect(ask([deny, allow()])).toBe('deny');
    expect(ask([allow(), deny])).toBe('deny');
  });

  it('knows wildcards in actions and resources, and actions in any case', () => {
    expect(ask([allow({ Action: 'SNS:Pub*' })])).toBe('allow');
    expect(ask([allow({ Action: ['sns:Subscribe', 'sns:*'] })])).toBe('allow');
    expect(ask([allow({ Resource: 'arn:aws:sns:*:111122223333:fault?' })])).toBe('allow');
    expect(matches('a+b', 'a.b')).toBe(false);
  });

  it('takes an Allow for an account as leave for the account to decide, and a Deny for it as meant for all in it', () => {
    const root = { AWS: 'arn:aws:iam::111122223333:root' };
    expect(ask([allow({ Principal: root })], role)).toBe('nothing');
    expect(ask([allow({ Principal: root })], { kind: 'account', account: '111122223333' })).toBe('allow');
    expect(ask([allow({ Principal: root, Effect: 'Deny' })], role)).toBe('deny');
    expect(ask([allow({ Principal: root })])).toBe('nothing');
  });

  it('refuses to guess at what it does not know', () => {
    expect(() => ask([allow({ NotAction: 'sns:Publish' })])).toThrow('does not know NotAction');
    expect(() => ask([allow({ Principal: { Federated: 'x' } })])).toThrow('does not know principals of the kind Federated');
    expect(() => ask([allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })])).toThrow(
      'does not know the condition operator IpAddress',
    );
  });
});

describe('conditions', () => {
  const own = { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:a' };

  it('have to hold all of them, and of the values of one key one', () => {
    const both = (account: unknown, arn: string) => ({
      StringEquals: { 'aws:sourceaccount': account },
      ArnLike: { 'aws:SourceArn': arn },
    });
    expect(conditionsHold(both(['999999999999', '111122223333'], own['aws:SourceArn']), own)).toBe(true);
    expect(conditionsHold(both('999999999999', own['aws:SourceArn']), own)).toBe(false);
    expect(conditionsHold(both('111122223333', 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:*'), own)).toBe(false);
  });

  it('do not hold for a key that is absent, unless they say so', () => {
    expect(conditionsHold({ StringEquals: { 'aws:SourceAccount': '111122223333' } }, {})).toBe(false);
    expect(conditionsHold({ Bool: { 'aws:SecureTransport': 'false' } }, {})).toBe(false);
    expect(conditionsHold({ BoolIfExists: { 'aws:SecureTransport': 'false' } }, {})).toBe(true);
  });

  it('hold, with ForAllValues, where there is nothing to compare: only Null beside it asks for a key', () => {
    const likes = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['alert#*'] } };
    const asks = { ...likes, Null: { 'dynamodb:LeadingKeys': 'false' } };
    expect(conditionsHold(likes, {})).toBe(true);
    expect(conditionsHold(asks, {})).toBe(false);
    expect(conditionsHold(asks, { 'dynamodb:LeadingKeys': ['alert#1', 'alert#2'] })).toBe(true);
    expect(conditionsHold(asks, { 'dynamodb:LeadingKeys': ['alert#1', 'silence#2'] })).toBe(false);
    expect(conditionsHold({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['alert#*'] } }, {})).toBe(false);
  });

  it('compare the parts of an ARN one by one', () => {
    const like = (pattern: string) => conditionsHold({ ArnLike: { 'aws:SourceArn': pattern } }, own);
    expect(like('arn:*:cloudwatch:*:111122223333:alarm:*')).toBe(true);
    expect(like('arn:aws:cloudwatch:*:alarm:*')).toBe(false);
  });
});
