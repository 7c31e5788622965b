import { GetMetricStatisticsCommand, type Statistic } from '@aws-sdk/client-cloudwatch';
import { type PeriodUnit, paginateListServiceQuotas, type ServiceQuota } from '@aws-sdk/client-service-quotas';
import { formatValue } from '../../../core/vocabulary/format.ts';
import type { Finding } from '../finding.ts';
import type { AwsClients } from './clients.ts';
import { fewAtOnce, looked, some } from './look.ts';

/** What Tocsin runs on, by the codes of Service Quotas. */
const services = ['lambda', 'dynamodb', 'monitoring', 'sns', 'sqs', 'kms', 'secretsmanager', 'logs', 'events'] as const;

const dayMs = 86_400_000;
const secondsOf: Record<PeriodUnit, number> = {
  MICROSECOND: 1e-6,
  MILLISECOND: 1e-3,
  SECOND: 1,
  MINUTE: 60,
  HOUR: 3600,
  DAY: 86_400,
  WEEK: 604_800,
};
/** Datapoints of a day in one answer of CloudWatch: five minutes each. */
const periodSeconds = 300;
/** From here on the next busy day may be refused. */
const tight = 0.8;

/**
 * The use of each quota that the account's services report to CloudWatch, at its highest within the
 * last day. A rate is averaged over five minutes, so a shorter burst may have been refused all the
 * same. Quotas without a usage metric are counted, and nothing is said about them.
 */
export async function checkQuotas(
  { quotas, cloudwatch }: Pick<AwsClients, 'quotas' | 'cloudwatch'>,
  now: number,
): Promise<Finding[]> {
  const found = await fewAtOnce(services, (service) => {
    const at = { area: 'quotas', what: service } as const;
    return looked(at, 'servicequotas:ListServiceQuotas and cloudwatch:GetMetricStatistics', async () => {
      const all: ServiceQuota[] = [];
      for await (const { Quotas = [] } of paginateListServiceQuotas({ client: quotas }, { ServiceCode: service }))
        all.push(...Quotas);
      const measured = all.filter(({ UsageMetric, Value }) => UsageMetric?.MetricName !== undefined && (Value ?? 0) > 0);
      const used = await fewAtOnce(measured, (quota) => usedShare(cloudwatch, quota, now));
      return { ...at, ...judged(used, all.length - measured.length) };
    });
  });
  return together(found);
}

/** What could not be looked at for one reason is said once. */
function together(all: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(all, ({ state, found, what }) => (state === 'unknown' ? found : what));
  return [...groups.values()].map((same) => ({ ...(same[0] as Finding), what: same.map(({ what }) => what).join(', ') }));
}

type Used = { name: string; code: string; value: number; share: number | undefined };

async function usedShare(cloudwatch: AwsClients['cloudwatch'], quota: ServiceQuota, now: number): Promise<Used> {
  const { QuotaName: name = '', QuotaCode: code = '', Value: value = 0, UsageMetric = {}, Period } = quota;
  const statistic = (UsageMetric.MetricStatisticRecommendation ?? 'Maximum') as Statistic;
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: UsageMetric.MetricNamespace,
      MetricName: UsageMetric.MetricName,
      Dimensions: Object.entries(UsageMetric.MetricDimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(now - dayMs),
      EndTime: new Date(now),
      Period: periodSeconds,
      Statistics: [statistic],
    }),
  );
  const most = Math.max(...Datapoints.map((point) => point[statistic as 'Sum'] ?? 0));
  if (!Number.isFinite(most)) return { name, code, value, share: undefined };
  // A quota of calls in a time is held against the calls of five minutes.
  const seconds = Period?.PeriodUnit === undefined ? undefined : (Period.PeriodValue ?? 1) * secondsOf[Period.PeriodUnit];
  const allowed = statistic === 'Sum' && seconds !== undefined ? (value * periodSeconds) / seconds : value;
  return { name, code, value, share: most / allowed };
}

function judged(used: readonly Used[], unmeasured: number): Pick<Finding, 'state' | 'found' | 'todo'> {
  const rest = unmeasured === 0 ? '' : `; ${unmeasured} quotas have no usage metric, and were not looked at`;
  const known = used.filter((one) => one.share !== undefined).toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
  const [most] = known;
  if (most === undefined) return { state: 'skipped', found: `nothing was used within a day${rest}` };
  const full = known.filter(({ share = 0 }) => share >= tight);
  const inWords = ({ name, value, share = 0 }: Used): string =>
    `${formatValue(share * 100)} % of ${name} (${formatValue(value)})`;
  if (full.length > 0)
    return {
      state: 'warn',
      found: `within a day the account used ${some(full.map(inWords), 'quota')}${rest}`,
      todo: `ask for more in Service Quotas (${full.map(({ code }) => code).join(', ')})`,
    };
  return { state: 'ok', found: `of ${known.length} quotas in use, most used: ${inWords(most)}${rest}` };
}
