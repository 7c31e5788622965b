import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it } from 'vitest';
import { Tocsin } from '../../lib/tocsin.ts';
import { TocsinStack } from '../../lib/tocsin-stack.ts';
import { awsConfig, parsedConfig } from './example-config.ts';
import { resourcesOf, synthesise, unbundled } from './synthesise.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-stack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const valid = `
policies: { main: { tiers: [{ targets: [{ channel: ops }], ackWithin: 15m }] } }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
channels: { ops: { sns: default } }
`;

/** A folder of YAML files with a folder of runbooks beside it. */
function written(name: string, files: Record<string, string>): string {
  const config = join(folder, name, 'config');
  mkdirSync(config, { recursive: true });
  mkdirSync(join(folder, name, 'runbooks'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(config, file), text);
  return config;
}

describe('the stack', () => {
  it('satisfies the AWS Solutions pack of cdk-nag', () => {
    const app = new App({ context: unbundled });
    new TocsinStack(app, 'Tocsin', { config: parsedConfig() });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  it('satisfies it with a source on Athena, whose tables and objects in S3 are named by what their names begin with', () => {
    const athena = { database: 'shop', results: 's3://our-results/', reads: ['s3://our-lake/orders/'] };
    const lake = { kind: 'sql' as const, athena };
    const app = new App({ context: unbundled });
    new TocsinStack(app, 'Tocsin', { config: parsedConfig({ ...awsConfig, sources: { ...awsConfig.sources, lake } }) });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  it('is checked by that pack in earnest: something careless in it is refused', () => {
    const app = new App({ context: unbundled });
    const stack = new TocsinStack(app, 'Tocsin', { config: parsedConfig() });
    new Topic(stack, 'Careless');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow(/AwsSolutions-SNS3/);
  });

  it('says what a person needs to know after deploying', () => {
    const outputs = synthesise().toJSON()['Outputs'] as Record<string, { Value: unknown }>;
    expect(Object.keys(outputs).toSorted()).toEqual([
      'FaultsTopic',
      'IngestUrl',
      'PagesTopic',
      'PublisherRole',
      'Secrets',
      'SlackUrl',
      'TableName',
      'WebUrl',
    ]);
    expect(outputs['Secrets']?.Value).toBe(
      'tocsin/prod/INGEST_KEY tocsin/prod/PAGER_SECRET tocsin/prod/SLACK_BOT_TOKEN tocsin/prod/SLACK_SIGNING_SECRET tocsin/prod/TRAINER_HOOK_SECRET tocsin/prod/WEB_PASSWORD',
    );
  });

  it('stands twice in one account: stages share no name', () => {
    const app = new App({ context: unbundled });
    const stages = ['prod', 'staging'].map((stage) => new TocsinStack(app, `Tocsin-${stage}`, { config: parsedConfig(), stage }));
    const named = /"(TableName|QueueName|TopicName|FunctionName|RoleName|LogGroupName|AlarmName|LayerName|Name)":"/;
    for (const stack of stages) {
      for (const [id, resource] of Object.entries(Template.fromStack(stack).toJSON()['Resources'] as object)) {
        // Dimensions of alarms hold references to names, never names.
        expect(JSON.stringify(resource).replaceAll(/"Dimensions":\[[^\]]*\]/g, ''), id).not.toMatch(named);
      }
    }
  });

  it('refuses a stage that could not be part of a name', () => {
    expect(() => synthesise({ stage: 'My Stage' })).toThrow(
      /expected a stage of up to 20 lower-case letters.*received "My Stage"/,
    );
  });
});

describe('the construct', () => {
  it('works inside a stack of someone else, and gives its parts away', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Theirs');
    const tocsin = new Tocsin(stack, 'Tocsin', { config: parsedConfig(), stage: 'theirs' });
    const template = Template.fromStack(stack);
    expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(10);
    expect(template.toJSON()['Outputs']).toBeUndefined();
    expect(stack.resolve(tocsin.store.table.tableName)).toHaveProperty('Ref');
    expect(tocsin.secrets).toContain('tocsin/theirs/INGEST_KEY');
  });

  it('warns of what works on one machine only', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Theirs');
    const config = parsedConfig();
    new Tocsin(stack, 'Tocsin', {
      config: {
        ...config,
        channels: { term: { kind: 'terminal' }, phone: { kind: 'webPush', responder: 'ana' } },
        deployments: { local: { hook: { kind: 'webhook', url: 'http://127.0.0.1:4320/rollback', secret: 'HOOK' } } },
        rollbacks: {},
      },
    });
    const annotations = Annotations.fromStack(stack);
    annotations.hasWarning('*', Match.stringLikeRegexp('term: reached by terminal only'));
    annotations.hasWarning('*', Match.stringLikeRegexp('phone: settings.webPush.key names no secret'));
    annotations.hasWarning('*', Match.stringLikeRegexp('local: a webhook on this machine, which a Lambda function cannot reach'));
  });

  it('warns of nothing in a config that is meant for AWS', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Theirs');
    new Tocsin(stack, 'Tocsin', { config: parsedConfig() });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a config folder', () => {
  it('that is wrong fails the synthesis with file, line and column', () => {
    const config = written('wrong', { 'tocsin.yaml': `${valid}responders:\n  ana: { name: Ana, contcats: [] }\n` });
    expect(() => synthesise({ config })).toThrow(/tocsin\.yaml:6:\d+: .*contcats/s);
  });

  it('that is missing or empty says so', () => {
    expect(() => synthesise({ config: join(folder, 'nowhere') })).toThrow(
      /there is no config folder .*nowhere; name one with -c config=DIR/,
    );
    expect(() => synthesise({ config: written('empty', {}) })).toThrow(/holds no \.yaml file/);
  });
});
