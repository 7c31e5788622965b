import { describe, expect, it } from 'vitest';
import type { Config } from '../../core/config/schema.ts';
import { awsConfig, parsedConfig } from './example-config.ts';
import { synthesise } from './synthesise.ts';
import { type Json, rights, statements, whole, without } from './walk/break.ts';
import { type Amiss, amissIn } from './walk/permissions.ts';
import type { TemplateJson } from './walk/resolve.ts';

const config = parsedConfig();
const broken = (change: (template: TemplateJson) => void): Amiss[] => {
  const template = structuredClone(whole);
  change(template);
  return amissIn(template, config).amiss;
};
const withAthena = (athena: object): Config => {
  const lake = { kind: 'sql' as const, athena: { database: 'shop', ...athena } };
  return parsedConfig({ ...awsConfig, sources: { ...awsConfig.sources, lake } });
};
const every = (resource: string) => (statement: Json) => [{ ...statement, Resource: resource }];

describe('the roles of the stack', () => {
  it.each([
    ['as the example', parsedConfig(), 'prod'],
    ['in another stage', parsedConfig(), 'staging'],
    [
      'with all that can be asked for',
      parsedConfig({ ...awsConfig, settings: { ...awsConfig.settings, traces: { endpoint: 'xray' } } }),
      'prod',
    ],
    [
      'with a source on Athena',
      withAthena({ results: 's3://our-results/tocsin/', reads: ['s3://our-lake/', 's3://logs/app/'] }),
      'prod',
    ],
    [
      'with Athena in another region and catalog',
      withAthena({ region: 'eu-west-1', catalog: 'hive', workgroup: 'metrics' }),
      'prod',
    ],
    ['with nothing that the config names', { ...parsedConfig(), deployments: {}, rollbacks: {}, sources: {}, rules: {} }, 'prod'],
  ])('allow what each function needs, and refuse what only others need, %s', (_, given, stage) => {
    const { asked, amiss } = amissIn(synthesise({ config: given, stage }).toJSON() as TemplateJson, given, stage);
    expect(amiss).toEqual([]);
    expect(asked).toBeGreaterThan(350);
  });
});

describe('the questions notice', () => {
  it('an action that is missing', () => {
    const amiss = broken((template) =>
      statements(rights(template, 'Rollback'), 'PolicyDocument', 'UpdateAlias', without('lambda:UpdateAlias')),
    );
    expect(amiss).toEqual([expect.objectContaining({ of: 'rollback', action: 'lambda:UpdateAlias', wanted: 'allowed' })]);
  });

  it('places in S3 that are too wide', () => {
    const given = withAthena({ reads: ['s3://our-lake/orders/'] });
    const template = synthesise({ config: given }).toJSON() as TemplateJson;
    const reading = 's3:GetObject';
    expect(amissIn(template, given).amiss).toEqual([]);
    statements(rights(template, 'JudgingJudge'), 'PolicyDocument', reading, every('arn:aws:s3:::*'));
    const { amiss } = amissIn(template, given);
    expect(amiss).toEqual([
      { of: 'judge', action: reading, arn: 'arn:aws:s3:::our-lake-beside/orders/doctor', keys: undefined, wanted: 'refused' },
    ]);
  });

  it('a resource that is too wide', () => {
    const amiss = broken((template) =>
      statements(rights(template, 'DeliveryDeliver'), 'PolicyDocument', 'sns:Publish', every('*')),
    );
    expect(amiss).toHaveLength(2);
    for (const one of amiss)
      expect(one).toMatchObject({
        of: 'deliver',
        action: 'sns:Publish',
        arn: expect.stringMatching(/-beside$/),
        wanted: 'refused',
      });
  });

  it('an action that only another function needs', () => {
    const amiss = broken((template) =>
      statements(rights(template, 'IngestFunction'), 'PolicyDocument', 'dynamodb:GetItem', (one) => [
        one,
        { Effect: 'Allow', Action: 'sns:*', Resource: '*' },
      ]),
    );
    expect(new Set(amiss.map(({ of, action, wanted }) => `${of} ${action} ${wanted}`))).toEqual(
      new Set(['ingest sns:Publish refused']),
    );
  });

  it('a condition on keys that is gone: whoever takes records could silence people', () => {
    const amiss = broken((template) =>
      statements(rights(template, 'IngestFunction'), 'PolicyDocument', 'LeadingKeys', ({ Condition: _, ...one }) => [one]),
    );
    expect(amiss).toContainEqual(
      expect.objectContaining({ of: 'ingest', action: 'dynamodb:PutItem', keys: ['silence#doctor'], wanted: 'refused' }),
    );
  });

  it('a statement that denies', () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:Query', Resource: '*' };
    const amiss = broken((template) =>
      statements(rights(template, 'WebFunction'), 'PolicyDocument', 'dynamodb:GetItem', (one) => [one, deny]),
    );
    expect(amiss.map(({ of, wanted }) => `${of} ${wanted}`)).toEqual(Array(3).fill('web allowed'));
  });

  it('a table that may be scanned', () => {
    const amiss = broken((template) =>
      statements(rights(template, 'WebFunction'), 'PolicyDocument', 'dynamodb:GetItem', (one) => [
        { ...one, Action: 'dynamodb:*' },
      ]),
    );
    expect(amiss).toContainEqual(expect.objectContaining({ of: 'web', action: 'dynamodb:Scan', wanted: 'refused' }));
  });
});
