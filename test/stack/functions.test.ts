import { describe, expect, it } from 'vitest';
import { functionOf, resourcesOf, synthesise } from './synthesise.ts';

const template = synthesise();
const functions = resourcesOf(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);

describe('the functions', () => {
  it('are ten, one for each verb', () => {
    expect(functions).toHaveLength(10);
  });

  it('run Node.js 24 on arm64 as ES modules', () => {
    for (const one of functions) {
      expect(one['Runtime']).toBe('nodejs24.x');
      expect(one['Architectures']).toEqual(['arm64']);
      expect(one['Handler']).toBe('index.handler');
    }
  });

  it('have a log group each, which forgets', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functions.length);
    for (const [, { Properties }] of groups) expect(Properties['RetentionInDays']).toBe(90);
    const used = functions.map((one) => JSON.stringify((one['LoggingConfig'] as { LogGroup: unknown }).LogGroup));
    expect(new Set(used).size).toBe(functions.length);
    for (const one of functions) expect(one['LoggingConfig']).toMatchObject({ LogFormat: 'JSON' });
  });

  it('carry no tracing and no value of a secret', () => {
    for (const one of functions) {
      expect(one['TracingConfig']).toBeUndefined();
      const names = Object.keys((one['Environment'] as { Variables: object }).Variables);
      expect(names.filter((name) => !name.startsWith('TOCSIN_'))).toEqual([]);
    }
  });

  it('link to the function that shows runbooks when the config has only an address of this machine', () => {
    const { Variables } = functionOf(template, 'pages people')['Environment'] as { Variables: Record<string, unknown> };
    expect(JSON.stringify(Variables['TOCSIN_PUBLIC_URL'])).toMatch(/WebFunction\w*FunctionUrl/);
  });

  it('ask Slack at slack.com, unless told of another place', () => {
    const variables = (props = {}) =>
      (functionOf(synthesise(props), 'pages people')['Environment'] as { Variables: Record<string, unknown> }).Variables;
    expect(variables()['TOCSIN_SLACK_API_URL']).toBeUndefined();
    const slackApiUrl = 'https://slack-gov.com/api/';
    expect(variables({ slackApiUrl })['TOCSIN_SLACK_API_URL']).toBe(slackApiUrl);
  });

  it('have no limit of concurrency unless one is asked for, and then only those with a public URL', () => {
    expect(functions.filter((one) => one['ReservedConcurrentExecutions'] !== undefined)).toEqual([]);
    const limited = resourcesOf(synthesise({ publicConcurrency: 7 }), 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties['ReservedConcurrentExecutions'] === 7,
    );
    expect(limited).toHaveLength(3);
  });

  it('are not tried again by the minute: the next tick does the same work', () => {
    const configs = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
    expect(configs.map((one) => one['MaximumRetryAttempts'])).toEqual([0, 0, 0]);
    const rules = resourcesOf(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties['ScheduleExpression']);
    expect(rules).toEqual(['rate(1 minute)', 'rate(1 minute)', 'rate(5 minutes)']);
  });
});
