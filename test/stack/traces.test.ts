import { App, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { TocsinStack } from '../../lib/tocsin-stack.ts';
import { awsConfig, parsedConfig } from './example-config.ts';
import { resourcesOf, synthesise, unbundled } from './synthesise.ts';

const tracedTo = (endpoint: string) => parsedConfig({ ...awsConfig, settings: { ...awsConfig.settings, traces: { endpoint } } });
const endpointsOf = (template: Template) =>
  resourcesOf(template, 'AWS::Lambda::Function').map(
    ([, { Properties }]) => (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables['TOCSIN_TRACES'],
  );
const xrayRights = (template: Template) =>
  resourcesOf(template, 'AWS::IAM::Policy').filter(([, { Properties }]) => JSON.stringify(Properties).includes('"xray:'));

describe('spans of the functions', () => {
  it('go nowhere unless the config says where to, and nobody has a right for it then', () => {
    const template = synthesise();
    expect(new Set(endpointsOf(template))).toEqual(new Set([undefined]));
    expect(xrayRights(template)).toEqual([]);
  });

  it('go to a collector from every function, without any right', () => {
    const template = synthesise({ config: tracedTo('https://otel.example.com/v1/traces') });
    expect(endpointsOf(template)).toEqual(Array(10).fill('https://otel.example.com/v1/traces'));
    expect(xrayRights(template)).toEqual([]);
  });

  it('go to X-Ray with the right to put spans and nothing else of X-Ray, and cdk-nag has its reasons', () => {
    const app = new App({ context: unbundled });
    const stack = new TocsinStack(app, 'Tocsin', { config: tracedTo('xray') });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
    const rights = xrayRights(Template.fromStack(stack));
    expect(rights).toHaveLength(10);
    const actions = new Set(rights.flatMap(([, one]) => JSON.stringify(one).match(/xray:\w+/g)));
    expect([...actions].toSorted()).toEqual(['xray:PutSpans', 'xray:PutTraceSegments']);
  });

  it('are warned of where the receiver is this machine', () => {
    const stack = new TocsinStack(new App({ context: unbundled }), 'Tocsin', {
      config: tracedTo('http://localhost:4318/v1/traces'),
    });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('settings.traces.endpoint is an address of this machine'),
    );
  });
});
