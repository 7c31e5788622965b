import { describe, expect, it } from 'vitest';
import { type FunctionName, functionNames, functionWork } from '../../core/config/functions.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { awsConfig, parsedConfig } from './example-config.ts';
import { actionsOf, resourcesOf, rightsOf, roleOf, type Statement, synthesise } from './synthesise.ts';

const template = synthesise();

type Name = FunctionName;
const names = functionNames;

const allowed = (name: Name, action: string): Statement[] =>
  rightsOf(template, functionWork[name]).filter((statement) => actionsOf(statement).includes(action));
const may = (name: Name, action: string): boolean => allowed(name, action).length > 0;
const who = (action: string): Name[] => names.filter((name) => may(name, action));

describe('the rights of the functions', () => {
  it('are each in a role of its own', () => {
    expect(new Set(names.map((name) => roleOf(template, functionWork[name]))).size).toBe(names.length);
  });

  it('contain no wildcard in an action, and no policy of AWS', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::Policy')) {
      for (const statement of (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement) {
        expect(actionsOf(statement).filter((action) => action.includes('*'))).toEqual([]);
      }
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::Role'))
      expect(Properties['ManagedPolicyArns']).toBeUndefined();
  });

  it.each(['prod', 'staging', 'traced'])('reach every resource of a kind only where AWS knows no narrower one: %s', (stage) => {
    const traces = stage === 'traced' ? { traces: { endpoint: 'xray' } } : {};
    const config = parsedConfig({ ...awsConfig, settings: { ...awsConfig.settings, ownMetrics: true, ...traces } });
    const staged = synthesise({ stage, config });
    const wide = names.flatMap((name) =>
      rightsOf(staged, functionWork[name])
        .filter(({ Resource }) => JSON.stringify(Resource).includes('*'))
        .flatMap((statement) => actionsOf(statement).map((action) => `${name} ${action}`)),
    );
    const spans = names.flatMap((name) => [`${name} xray:PutSpans`, `${name} xray:PutTraceSegments`]);
    const known = [
      'evaluate cloudwatch:GetMetricData',
      'judge cloudwatch:GetMetricData',
      'dispatch dynamodb:ListStreams',
      ...(stage === 'traced' ? spans : []),
    ];
    expect(wide.toSorted()).toEqual(known.toSorted());
    // Everything that is not a role of a function: the key of the topics, whose policy is about
    // itself.
    const others = resourcesOf(staged, 'AWS::KMS::Key');
    expect(others).toHaveLength(1);
    const policies = Object.values(staged.toJSON()['Resources'] as Record<string, { Type: string; Properties: object }>)
      .filter(({ Type }) => !['AWS::IAM::Policy', 'AWS::KMS::Key'].includes(Type))
      .map(({ Properties }) => JSON.stringify(Properties));
    expect(policies.filter((text) => /"Effect":"Allow"[^{}]*"Resource":"\*"/.test(text))).toEqual([]);
  });

  it('let only rollback move an alias, and only of the functions in the config', () => {
    expect(who('lambda:UpdateAlias')).toEqual(['rollback']);
    const [statement] = allowed('rollback', 'lambda:UpdateAlias');
    expect(JSON.stringify(statement?.Resource)).toMatch(/:function:scorer"/);
  });

  it('let rollback move none when no deployment has an alias', () => {
    const without = synthesise({ config: { ...parsedConfig(), deployments: {}, rollbacks: {} } });
    expect(
      rightsOf(without, functionWork.rollback)
        .flatMap(actionsOf)
        .filter((action) => action.startsWith('lambda:')),
    ).toEqual([]);
  });

  it('let only deliver publish, and only to topics of the config and the default one', () => {
    expect(who('sns:Publish')).toEqual(['deliver']);
    const [statement] = allowed('deliver', 'sns:Publish');
    const resources = statement?.Resource as unknown[];
    expect(resources).toHaveLength(2);
    expect(JSON.stringify(resources[0])).toContain('TopicsPages');
    expect(resources[1]).toBe('arn:aws:sns:eu-central-1:123456789012:other');
  });

  it('let only web invoke a function, and only the one that judges and may write nothing', () => {
    expect(who('lambda:InvokeFunction')).toEqual(['web']);
    const resources = allowed('web', 'lambda:InvokeFunction').map(({ Resource }) => JSON.stringify(Resource));
    expect(resources).toEqual([expect.stringMatching(/JudgingJudge/)]);
  });

  it('let only those that judge read metrics', () => {
    expect(who('cloudwatch:GetMetricData')).toEqual(['evaluate', 'judge']);
  });

  it('give each function the secrets that it uses and no other', () => {
    const secrets = Object.fromEntries(
      who('secretsmanager:GetSecretValue').map((name) => {
        const text = JSON.stringify(allowed(name, 'secretsmanager:GetSecretValue').map(({ Resource }) => Resource));
        return [name, [...text.matchAll(/:secret:tocsin\/prod\/(\w+)-\?{6}"/g)].map(([, secret]) => secret)];
      }),
    );
    expect(secrets).toEqual({
      deliver: ['PAGER_SECRET', 'SLACK_BOT_TOKEN'],
      rollback: ['TRAINER_HOOK_SECRET'],
      ingest: ['INGEST_KEY'],
      slack: ['SLACK_SIGNING_SECRET'],
      web: ['WEB_PASSWORD'],
    });
  });

  it('keep dispatch from the contents of the table', () => {
    const actions = rightsOf(template, functionWork.dispatch)
      .flatMap(actionsOf)
      .filter((action) => action.startsWith('dynamodb:'));
    expect(actions.toSorted()).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ]);
  });

  it('let each write what its work is about and nothing else: who takes records silences nobody, who listens to people makes no sample', () => {
    const written = Object.fromEntries(
      who('dynamodb:PutItem').map((name) => {
        const statements = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'].flatMap((action) =>
          allowed(name, action),
        );
        const keys = new Set(
          statements.flatMap(({ Condition }) => {
            const conditions = Condition as { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': string[] } };
            return conditions['ForAllValues:StringLike']['dynamodb:LeadingKeys'];
          }),
        );
        const groups = Object.entries(tableKeys.writes).filter(([, prefixes]) =>
          prefixes.every((prefix) => keys.has(`${prefix}*`)),
        );
        expect(keys.size).toBe(groups.flatMap(([, prefixes]) => prefixes).length);
        return [name, groups.map(([group]) => group)];
      }),
    );
    expect(written).toEqual({
      evaluate: ['records', 'decisions', 'people', 'audit', 'runtime', 'registries', 'judgements', 'quarantine'],
      sweep: ['records', 'decisions', 'runtime', 'registries', 'quarantine'],
      wake: ['decisions', 'quarantine'],
      deliver: ['decisions', 'devices', 'audit', 'quarantine'],
      rollback: ['decisions', 'audit', 'quarantine'],
      ingest: ['records', 'telemetry', 'decisions', 'audit', 'registries', 'quarantine'],
      slack: ['decisions', 'people', 'audit', 'quarantine'],
      web: ['decisions', 'people', 'devices', 'audit', 'quarantine'],
    });
  });

  it('let nobody scan, empty or change the table', () => {
    const ruinous = ['dynamodb:Scan', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:BatchWriteItem'];
    expect(ruinous.flatMap(who)).toEqual([]);
  });

  it('let a function send only to the queues it hands on to', () => {
    const all = ['Urgent', 'Pages', 'Slow', 'Rollbacks', 'Wakes'];
    const targets = Object.fromEntries(
      names.map((name) => [
        name,
        all.filter((queue) =>
          JSON.stringify(allowed(name, 'sqs:SendMessage').map(({ Resource }) => Resource)).includes(`Queues${queue}Queue`),
        ),
      ]),
    );
    expect(targets).toEqual({
      evaluate: [],
      dispatch: all,
      deliver: ['Wakes'],
      rollback: ['Wakes'],
      wake: all,
      sweep: all,
      ingest: [],
      slack: [],
      web: [],
      judge: [],
    });
  });
});
