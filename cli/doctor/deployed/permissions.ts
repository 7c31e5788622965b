import { type EvaluationResult, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { type DeployedPlaces, deployedArn } from '../../../core/config/deployed-arn.ts';
import type { FunctionName } from '../../../core/config/functions.ts';
import { type PermissionQuestion, permissionQuestions } from '../../../core/config/permission-questions.ts';
import type { Config } from '../../../core/config/schema.ts';
import type { Finding } from '../finding.ts';
import type { AwsClients } from './clients.ts';
import { fewAtOnce, looked, some } from './look.ts';

const leadingKeys = 'dynamodb:LeadingKeys';

/**
 * Asks IAM's policy simulator what each role may do, and holds that to what its function needs. It
 * sees the role's policies, its boundary and those of the organization; not the policies of
 * topics, queues and keys.
 */
export async function checkPermissions(
  iam: AwsClients['iam'],
  config: Config,
  functions: readonly { name: FunctionName; role: string; places: DeployedPlaces }[],
): Promise<Finding[]> {
  const questions = permissionQuestions(config);
  const findings: Finding[] = [];
  for (const { name, role, places } of functions) {
    const at = { area: 'permissions', what: name } as const;
    findings.push(
      await looked(at, 'iam:SimulatePrincipalPolicy', async () => {
        const asked = Map.groupBy(questions[name], ({ on, beside, keys }) =>
          JSON.stringify([deployedArn(on, places, beside), keys]),
        );
        const answers = await fewAtOnce([...asked.values()], (same) => simulate(iam, role, same, places));
        return { ...at, ...judged(answers.flat()) };
      }),
    );
  }
  return findings;
}

type Answered = { question: PermissionQuestion; arn: string; allowed: boolean; why: string };

/** Questions about one resource and the same keys are one call. */
async function simulate(
  iam: AwsClients['iam'],
  role: string,
  same: readonly PermissionQuestion[],
  places: DeployedPlaces,
): Promise<Answered[]> {
  const [{ on, beside, keys }] = same as [PermissionQuestion, ...PermissionQuestion[]];
  const arn = deployedArn(on, places, beside);
  const ContextEntries =
    keys === undefined
      ? []
      : [{ ContextKeyName: leadingKeys, ContextKeyType: 'stringList' as const, ContextKeyValues: [...keys] }];
  const results: EvaluationResult[] = [];
  for (let Marker: string | undefined; ; ) {
    const page = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role,
        ActionNames: [...new Set(same.map(({ action }) => action))],
        ResourceArns: [arn],
        ...(ContextEntries.length === 0 ? {} : { ContextEntries }),
        ...(Marker === undefined ? {} : { Marker }),
      }),
    );
    results.push(...(page.EvaluationResults ?? []));
    Marker = page.IsTruncated ? page.Marker : undefined;
    if (Marker === undefined) break;
  }
  return same.map((question) => {
    const result = results.find(({ EvalActionName }) => EvalActionName?.toLowerCase() === question.action.toLowerCase());
    if (result === undefined) throw new Error(`IAM said nothing about ${question.action}`);
    return { question, arn, allowed: result.EvalDecision === 'allowed', why: whyOf(result) };
  });
}

/** Which policy decided, where IAM says so. */
function whyOf({
  EvalDecision,
  OrganizationsDecisionDetail,
  PermissionsBoundaryDecisionDetail,
  MatchedStatements,
}: EvaluationResult): string {
  if (OrganizationsDecisionDetail?.AllowedByOrganizations === false) return 'by a policy of the organization';
  if (PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false) return "by the role's permissions boundary";
  const [statement] = MatchedStatements ?? [];
  if (EvalDecision === 'explicitDeny') return `by a statement of ${statement?.SourcePolicyId ?? 'a policy'} that denies it`;
  return statement?.SourcePolicyId === undefined ? '' : `by ${statement.SourcePolicyId}`;
}

function judged(answers: readonly Answered[]): Pick<Finding, 'state' | 'found' | 'todo'> {
  const lacking = answers.filter(({ question, allowed }) => question.wanted === 'allowed' && !allowed);
  const wide = answers.filter(({ question, allowed }) => question.wanted === 'refused' && allowed);
  const needed = answers.filter(({ question }) => question.wanted === 'allowed').length;
  const tooWide = wide.length === 0 ? '' : `too wide: it may ${some(inWords(wide), 'resource', 3)}`;
  if (lacking.length > 0)
    return {
      state: 'failed',
      found: `it needs, and may not, ${some(inWords(lacking), 'resource', 3)}${tooWide === '' ? '' : `; ${tooWide}`}`,
      todo: 'deploy again; if that does not help, something outside of the stack denies it: a permissions boundary, a policy of the organization, or a change by hand',
    };
  if (wide.length > 0)
    return {
      state: 'warn',
      found: tooWide,
      todo: 'somebody has widened the role by hand: remove what the stack did not make, or deploy again',
    };
  return {
    state: 'ok',
    found: `may do the ${needed} things that it needs, and is refused ${answers.length - needed} that it does not`,
  };
}

/** `sqs:SendMessage, sqs:ReceiveMessage on ARN`, one for each resource. */
function inWords(answers: readonly Answered[]): string[] {
  const same = Map.groupBy(answers, ({ question, arn, why }) => JSON.stringify([arn, question.keys, why]));
  return [...same.values()].map((all) => {
    const [{ question, arn, why }] = all as [Answered, ...Answered[]];
    const keys = question.keys?.map((key) => key.replace(/[^#]*$/, '...'));
    const about = keys === undefined ? '' : ` with keys ${some(keys, 'key')}`;
    return `${all.map((one) => one.question.action).join(', ')} on ${arn}${about}${why === '' ? '' : ` (${why})`}`;
  });
}
