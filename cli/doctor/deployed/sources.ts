import { InvokeCommand } from '@aws-sdk/client-lambda';
import { type JudgeRequest, judgeAnswersWithinMs, readJudgeAnswer } from '../../../core/alerting/judgements/on-demand.ts';
import type { Config } from '../../../core/config/schema.ts';
import { isAsking } from '../../../core/detection/rules/rule-schema.ts';
import { readFrom, sourceKindOf } from '../../../core/telemetry/sources/source.ts';
import { counted } from '../../../core/vocabulary/counted.ts';
import { type RuleId, ruleEntries } from '../../../core/vocabulary/ids.ts';
import type { Finding } from '../finding.ts';
import type { AwsClients } from './clients.ts';
import { looked, some } from './look.ts';
import type { DeployedStack } from './stack.ts';

/** Rules of one source that are judged: enough to tell a failing source from a failing rule. */
const maxRules = 3;

/**
 * Has some rules of each source judged by the deployed function: with its rights, its network and
 * the config that was deployed. It opens and pages nothing.
 */
export function checkDeployedSources(lambda: AwsClients['lambda'], config: Config, stack: DeployedStack): Promise<Finding[]> {
  return Promise.all(
    Object.entries(config.sources).map(([name, source]) => {
      const at = { area: 'sources', what: name } as const;
      return looked(at, 'lambda:InvokeFunction on the function judge', async (): Promise<Finding> => {
        if (readFrom(source) === 'nowhere')
          return { ...at, state: 'skipped', found: `${source.kind} are pushed to it; nothing to query` };
        const rules = ruleEntries(config.rules).flatMap(([id, rule]) => (isAsking(rule) && rule.source === name ? [id] : []));
        if (rules.length === 0) return { ...at, state: 'skipped', found: 'no rule asks it' };
        const { id } = stack.functions.judge ?? {};
        if (id === undefined)
          return { ...at, state: 'unknown', found: 'could not look: the function judge is not deployed', todo: 'deploy again' };
        const answers: Judged[] = [];
        for (const rule of rules.slice(0, maxRules))
          answers.push((await judge(lambda, id, rule)) ?? (await judge(lambda, id, rule)) ?? late(rule));
        return { ...at, ...judged(answers, sourceKindOf(source)?.hint ?? 'docs/config.md lists the kinds of source') };
      });
    }),
  );
}

type Judged = { rule: RuleId; series: number; fault?: string | undefined };

const late = (rule: RuleId): Judged => ({
  rule,
  series: 0,
  fault: `not judged within ${judgeAnswersWithinMs / 1000} s, and once more not; the source is slow or hangs`,
});

/** Undefined: it was late. The first run of a container takes longer. */
async function judge(lambda: AwsClients['lambda'], id: string, rule: RuleId): Promise<Judged | undefined> {
  const request: JudgeRequest = { rule };
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: id, Payload: JSON.stringify(request) }));
  const text = Buffer.from(Payload ?? []).toString('utf8');
  if (FunctionError !== undefined) return { rule, series: 0, fault: `the function judge failed: ${text}` };
  const read = readJudgeAnswer(rule, JSON.parse(text));
  if ('late' in read) return undefined;
  if ('judgement' in read) return { rule, series: read.judgement.series, fault: read.judgement.fault };
  return { rule, series: 0, fault: 'unknown' in read ? `${read.unknown}, in the config that is deployed` : read.fault };
}

function judged(answers: readonly Judged[], todo: string): Pick<Finding, 'state' | 'found' | 'todo'> {
  const failed = answers.filter(({ fault }) => fault !== undefined);
  if (failed[0] !== undefined)
    return {
      state: 'failed',
      found: some(
        failed.map(({ rule, fault }) => `${rule}: ${fault}`),
        'rule',
        1,
      ),
      todo,
    };
  const empty = answers.filter(({ series }) => series === 0).map(({ rule }) => rule);
  if (empty.length > 0)
    return { state: 'warn', found: `answers, but has no data for ${empty.join(', ')}`, todo: `${todo}; runbooks/no-data.md` };
  const series = answers.reduce((sum, one) => sum + one.series, 0);
  return { state: 'ok', found: `answers the deployed function, with ${series} series for ${counted(answers.length, 'rule')}` };
}
