import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkQuotas } from '../../../cli/doctor/deployed/quotas.ts';
import { checkDeployedSources } from '../../../cli/doctor/deployed/sources.ts';
import type { DeployedStack } from '../../../cli/doctor/deployed/stack.ts';
import type { Judgement } from '../../../core/alerting/judgements/judgement.ts';
import { judgeAnswer } from '../../../core/alerting/judgements/on-demand.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { parsedConfig } from '../../stack/example-config.ts';
import { type AnswerTo, awsStandIn, failedJson, json } from './aws.ts';

const now = Date.UTC(2026, 0, 5, 9);

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
  vi.unstubAllEnvs();
});
async function account(answer: AnswerTo) {
  const { server, clients, calls } = await awsStandIn(answer);
  close = server.close;
  return { clients, calls };
}

/** As Service Quotas lists them; only of those with a usage metric the use is known. */
const rate = {
  ServiceCode: 'monitoring',
  QuotaCode: 'L-5E141212',
  QuotaName: 'Rate of GetMetricData requests',
  Value: 50,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false,
  UsageMetric: {
    MetricNamespace: 'AWS/Usage',
    MetricName: 'CallCount',
    MetricDimensions: { Class: 'None', Resource: 'GetMetricData', Service: 'CloudWatch', Type: 'API' },
    MetricStatisticRecommendation: 'Sum',
  },
  Period: { PeriodValue: 1, PeriodUnit: 'SECOND' },
};
const level = {
  ServiceCode: 'lambda',
  QuotaCode: 'L-B99A9384',
  QuotaName: 'Concurrent executions',
  Value: 1000,
  Unit: 'None',
  UsageMetric: {
    MetricNamespace: 'AWS/Lambda',
    MetricName: 'ConcurrentExecutions',
    MetricDimensions: {},
    MetricStatisticRecommendation: 'Maximum',
  },
};
const unmeasured = {
  ServiceCode: 'lambda',
  QuotaCode: 'L-2ACBD22F',
  QuotaName: 'Function and layer storage',
  Value: 75,
  Unit: 'Gigabytes',
};

const quotas =
  (calls: number, executions: number): AnswerTo =>
  ({ action, json: sent }) => {
    if (action === 'ListServiceQuotas') {
      const all: Record<string, object[]> = { monitoring: [rate], lambda: [level, unmeasured] };
      return json({ Quotas: all[String(sent['ServiceCode'])] ?? [] });
    }
    if (action !== 'GetMetricStatistics') return undefined;
    const isRate = sent['MetricName'] === 'CallCount';
    const points = isRate
      ? [
          { Timestamp: 1, Sum: 10 },
          { Timestamp: 2, Sum: calls },
        ]
      : [{ Timestamp: 1, Maximum: executions }];
    return json({ Label: sent['MetricName'], Datapoints: points });
  };

describe('quotas', () => {
  it('are held against the most that was used within a day: calls against their rate, levels as they are', async () => {
    const { clients, calls } = await account(quotas(3000, 400));
    const found = await checkQuotas(clients, now);
    // 3000 calls in five minutes of the 50 a second that are allowed.
    expect(found.find(({ what }) => what === 'monitoring')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/20 % of Rate of GetMetricData/),
    });
    expect(found.find(({ what }) => what === 'lambda')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/40 % of Concurrent executions \(1,?000\); 1 quotas? /),
    });
    expect(found.find(({ what }) => what === 'sqs')).toMatchObject({ state: 'skipped' });
    const [asked] = calls.filter(({ action }) => action === 'GetMetricStatistics');
    expect(asked?.json).toMatchObject({ Period: 300 });
  });

  it('warn from 80 % on, and name what to ask for', async () => {
    const { clients } = await account(quotas(12_000, 950));
    const found = await checkQuotas(clients, now);
    expect(found.find(({ what }) => what === 'monitoring')).toMatchObject({
      state: 'warn',
      todo: expect.stringMatching(/L-5E141212/),
    });
    expect(found.find(({ what }) => what === 'lambda')).toMatchObject({
      state: 'warn',
      todo: expect.stringMatching(/L-B99A9384/),
    });
  });

  it('are unknown, and said once, where one may not look', async () => {
    const { clients } = await account(() => undefined);
    expect(await checkQuotas(clients, now)).toMatchObject([
      {
        state: 'unknown',
        what: expect.stringMatching(/^lambda, dynamodb, /),
        todo: expect.stringMatching(/^allow servicequotas:ListServiceQuotas/),
      },
    ]);
  });
});

const latency = asRuleId('latency');
const judgement = (over: Partial<Judgement>): Judgement => ({
  rule: latency,
  at: now,
  series: 2,
  verdicts: { ok: 2, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 },
  shown: [],
  ...over,
});
const stack: DeployedStack = {
  name: 'Tocsin-prod',
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
  functions: { judge: { id: 'judge', arn: 'a', role: 'r', logGroup: 'l', variables: {} } },
  alarms: [],
  keys: [],
};

describe('sources of a deployment', () => {
  const ask = async (answer: AnswerTo, given = stack) => {
    const { clients, calls } = await account(answer);
    const found = await checkDeployedSources(clients.lambda, parsedConfig(), given);
    return { finding: found.find(({ what }) => what === 'cw'), calls };
  };
  const invoked =
    (answer: unknown): AnswerTo =>
    ({ action }) =>
      /\/functions\/judge\/invocations$/.test(action) ? json(answer) : undefined;

  it('are asked by the deployed function, about their rules', async () => {
    const { finding, calls } = await ask(invoked(judgeAnswer(latency, { judgement: judgement({}) })));
    expect(finding).toMatchObject({ area: 'sources', state: 'ok', found: expect.stringMatching(/with 2 series for 1 rule$/) });
    expect(calls.map(({ json: sent }) => sent)).toEqual([{ rule: 'latency' }]);
  });

  it.each<[string, AnswerTo, string, RegExp]>([
    [
      'fail',
      invoked(judgeAnswer(latency, { judgement: judgement({ fault: 'AccessDenied' }) })),
      'failed',
      /^latency: AccessDenied$/,
    ],
    ['have no data', invoked(judgeAnswer(latency, { judgement: judgement({ series: 0 }) })), 'warn', /no data for latency/],
    [
      'are not of the config that is deployed',
      invoked({ unknown: 'there is no rule "latency"' }),
      'failed',
      /in the config that is deployed/,
    ],
    [
      'are asked by a function that breaks',
      () => ({
        headers: { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' },
        body: '{"errorMessage":"x"}',
      }),
      'failed',
      /the function judge failed/,
    ],
    ['may not be asked by this person', () => failedJson('AccessDeniedException', 'no', 403), 'unknown', /^could not look/],
  ])('%s', async (_, answer, state, found) => {
    expect((await ask(answer)).finding).toMatchObject({ state, found: expect.stringMatching(found), todo: expect.any(String) });
  });

  it('are asked once more where the function was late, and fail after that', async () => {
    const { finding, calls } = await ask(invoked({ late: true }));
    expect(finding).toMatchObject({ state: 'failed', found: expect.stringMatching(/not judged within 10 s/) });
    expect(calls).toHaveLength(2);
  });

  it('are unknown where that function is not deployed', async () => {
    const { finding } = await ask(() => undefined, { ...stack, functions: {} });
    expect(finding).toMatchObject({ state: 'unknown', todo: 'deploy again' });
  });
});
