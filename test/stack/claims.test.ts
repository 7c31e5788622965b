import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FunctionName, functionNames, functionWork } from '../../core/config/functions.ts';
import { tableKeys, type WriteGroup } from '../../core/vocabulary/table-keys.ts';
import { synthesise } from './synthesise.ts';
import { Account, type Found } from './walk/account.ts';
import type { Context } from './walk/conditions.ts';
import { type Party, refusal } from './walk/refusal.ts';
import { here, type TemplateJson } from './walk/resolve.ts';

/**
 * What docs/security.md says about the rights of functions, held to the template by asking its
 * policies.
 */
const document = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');
const section = /\n## What a function may do\n([\s\S]*?)\n## /.exec(document)?.[1] ?? '';

const account = new Account(synthesise().toJSON() as TemplateJson);
type Name = FunctionName;
const names = functionNames;

const only = (type: string, part = ''): Found => {
  const [one, ...others] = account.all(type).filter(({ id }) => id.includes(part));
  if (one === undefined || others.length > 0) throw new Error(`expected one ${type} with ${part} in its id`);
  return one;
};
const table = only('AWS::DynamoDB::Table');
const topics = [only('AWS::SNS::Topic', 'TopicsPages'), only('AWS::SNS::Topic', 'TopicsFaults')];

function roleOf(name: Name): Party {
  const found = account
    .all('AWS::Lambda::Function')
    .find(({ properties }) => String(properties['Description']).includes(functionWork[name]));
  const role = account.byArn(String(account.read(found as Found, 'Role'))) as Found;
  return { kind: 'role', role };
}

const may = (party: Party, action: string, target: Found, more: { resource?: string; context?: Context } = {}): boolean =>
  refusal(account, { party, action, target, ...more }) === undefined;
const who = (action: string, target: Found, more: { resource?: string; context?: Context } = {}): Name[] =>
  names.filter((name) => may(roleOf(name), action, target, more));

/**
 * Rows of the table of rights: the functions of the first cell, and for each group of keys whether
 * its cell says yes.
 */
function written(): Map<Name, WriteGroup[]> {
  const [head = '', , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const groups = cells(head)
    .slice(1)
    .map((cell) => cell.split(' ')[0] as WriteGroup);
  return new Map(
    rows.flatMap((row) => {
      const [functions = '', ...rights] = cells(row);
      const allowed = groups.filter((_, at) => rights[at]?.startsWith('yes'));
      return [...functions.matchAll(/`(\w+)`/g)].map(([, name]) => [name as Name, allowed] as const);
    }),
  );
}

const keys = (...leading: string[]) => ({ context: { 'dynamodb:LeadingKeys': leading } });
const writes = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

describe('docs/security.md on what a function may do', () => {
  it('says of each function which keys it writes, and the policies agree, key by key and action by action', () => {
    const said = written();
    const groups = Object.keys(tableKeys.writes) as WriteGroup[];
    expect([...said.keys(), 'dispatch'].toSorted()).toEqual(names.toSorted());
    expect(account.all('AWS::Lambda::Function')).toHaveLength(names.length);
    for (const name of names) {
      for (const action of writes) {
        const allowed = groups.filter((group) =>
          tableKeys.writes[group].every((prefix) => may(roleOf(name), action, table, keys(`${prefix}1`))),
        );
        const touched = groups.filter((group) =>
          tableKeys.writes[group].some((prefix) => may(roleOf(name), action, table, keys(`${prefix}1`))),
        );
        expect([name, action, allowed]).toEqual([name, action, said.get(name) ?? []]);
        expect(touched).toEqual(allowed);
      }
    }
  });

  it('holds for each key of a request, and for a request without any key', () => {
    for (const action of writes) {
      expect(who(action, table, keys('alert#1', 'silence#1'))).toEqual(['evaluate', 'slack', 'web']);
      expect(who(action, table, keys('alert#1', 'batch#1'))).toEqual(['evaluate', 'sweep', 'ingest']);
      expect(who(action, table, keys('alert#1', 'something#1'))).toEqual([]);
      expect(who(action, table)).toEqual([]);
    }
  });

  it('lets all read the table but dispatch, which sees the stream only', () => {
    for (const action of ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'])
      expect(who(action, table)).toEqual(names.filter((name) => name !== 'dispatch'));
    const stream = { resource: `${account.resolver.attribute(table.id, 'StreamArn')}` };
    expect(who('dynamodb:GetRecords', table, stream)).toEqual(['dispatch']);
  });

  it('lets the function that takes records read ingest keys and no other secret, and none read a longer name', () => {
    const secret = (name: string) => ({
      resource: `arn:aws:secretsmanager:${here.region}:${here.account}:secret:tocsin/prod/${name}-aB3xYz`,
    });
    const readers = (name: string) => who('secretsmanager:GetSecretValue', table, secret(name));
    expect(readers('INGEST_KEY')).toEqual(['ingest']);
    expect(readers('WEB_PASSWORD')).toEqual(['web']);
    expect(readers('SLACK_BOT_TOKEN')).toEqual(['deliver']);
    expect(readers('INGEST_KEY_OF_ANOTHER')).toEqual([]);
    expect(readers('INGEST_KEY-2')).toEqual([]);
  });

  it('names every right that AWS knows no narrower resource for', () => {
    const wide = names.flatMap((name) =>
      account
        .rightsOf((roleOf(name) as { role: Found }).role)
        .filter(({ Resource }) => Resource === '*')
        .flatMap(({ Action }) => [Action].flat().map(String)),
    );
    expect(wide.length).toBeGreaterThan(0);
    for (const action of wide) expect(section).toContain(`\`${action}\``);
  });
});

describe('docs/security.md on who may publish', () => {
  const alarmOf = (owner: string): Party => {
    const source = { 'aws:SourceAccount': owner, 'aws:SourceArn': `arn:aws:cloudwatch:${here.region}:${owner}:alarm:one` };
    return {
      kind: 'service',
      name: 'cloudwatch.amazonaws.com',
      context: { ...source, 'aws:SourceOwner': owner },
      keyContext: source,
    };
  };
  const strangers: [string, Party][] = [
    ['an alarm of another account', alarmOf('999999999999')],
    ['another service', { ...alarmOf(here.account), name: 'events.amazonaws.com' } as Party],
    [
      'CloudWatch for something that is no alarm',
      { ...alarmOf(here.account), context: { 'aws:SourceAccount': here.account } } as Party,
    ],
    ['whoever has the address', { kind: 'anyone', context: {} }],
  ];

  it('lets alarms of the account publish to both topics, and of the functions deliver to that for pages', () => {
    for (const topic of topics) expect(may(alarmOf(here.account), 'sns:Publish', topic)).toBe(true);
    expect(topics.map((topic) => who('sns:Publish', topic))).toEqual([['deliver'], []]);
  });

  it.each(strangers)('lets nobody else: %s', (_, party) => {
    for (const topic of topics) expect(may(party, 'sns:Publish', topic)).toBe(false);
  });

  it('lets nobody publish without TLS', () => {
    const open = { context: { 'aws:SecureTransport': 'false' } };
    expect(may(alarmOf(here.account), 'sns:Publish', topics[1] as Found, open)).toBe(false);
    expect(who('sns:Publish', topics[0] as Found, open)).toEqual([]);
  });

  it('keeps the key to CloudWatch for the account, and to deliver', () => {
    const key = only('AWS::KMS::Key');
    expect(who('kms:Decrypt', key)).toEqual(['deliver']);
    expect(may(alarmOf(here.account), 'kms:Decrypt', key)).toBe(true);
    for (const other of [alarmOf('999999999999'), strangers[1]?.[1] as Party, strangers[3]?.[1] as Party])
      for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ScheduleKeyDeletion'])
        expect(may(other, action, key)).toBe(false);
  });

  it('lets nobody but the functions use the queues', () => {
    for (const queue of account.all('AWS::SQS::Queue')) {
      for (const [, party] of [...strangers, ['', alarmOf(here.account)] as const])
        for (const action of ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:PurgeQueue'])
          expect(may(party, action, queue)).toBe(false);
      expect(who('sqs:PurgeQueue', queue)).toEqual([]);
    }
  });
});
