import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkPermissions } from '../../../cli/doctor/deployed/permissions.ts';
import { type DeployedPlaces, deployedArn } from '../../../core/config/deployed-arn.ts';
import type { FunctionName } from '../../../core/config/functions.ts';
import { permissionQuestions } from '../../../core/config/permission-questions.ts';
import { parsedConfig } from '../../stack/example-config.ts';
import { type AnswerTo, awsStandIn, type Call, failedXml, xml } from './aws.ts';

const config = parsedConfig();
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const places: DeployedPlaces = {
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
  table: arn('dynamodb', 'table/T'),
  stream: arn('dynamodb', 'table/T/stream/2026-01-01T00:00:00.000'),
  queues: {
    urgent: arn('sqs', 'urgent'),
    pages: arn('sqs', 'pages'),
    slow: arn('sqs', 'slow'),
    rollbacks: arn('sqs', 'rollbacks'),
    wakes: arn('sqs', 'wakes'),
  },
  pagesTopic: arn('sns', 'pages'),
  topicsKey: arn('kms', 'key/1'),
  functions: { judge: arn('lambda', 'function:judge') },
  logGroup: '/aws/lambda/f',
  secretsPrefix: 'tocsin/prod/',
};

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
  vi.unstubAllEnvs();
});

/** What the simulator is asked in one call. */
type Asked = { action: string; on: string; keys: string[] };
const askedIn = ({ fields }: Call): Asked[] => {
  const all = (prefix: string): string[] => [...fields].flatMap(([name, value]) => (name.startsWith(prefix) ? [value] : []));
  const keys = all('ContextEntries.member.1.ContextKeyValues.');
  return all('ActionNames.member.').map((action) => ({ action, on: fields.get('ResourceArns.member.1') ?? '', keys }));
};

/** As the documentation of the API shows it. */
const result = ({ action, on }: Asked, decision: string, more = ''): string =>
  `<member><MatchedStatements>${decision === 'implicitDeny' ? '' : '<member><SourcePolicyId>role_f_Default</SourcePolicyId><SourcePolicyType>IAM Policy</SourcePolicyType><StartPosition><Line>1</Line><Column>39</Column></StartPosition><EndPosition><Line>1</Line><Column>150</Column></EndPosition></member>'}</MatchedStatements><EvalResourceName>${on}</EvalResourceName><EvalDecision>${decision}</EvalDecision><EvalActionName>${action}</EvalActionName><MissingContextValues/>${more}</member>`;
const simulated = (results: string[]): ReturnType<AnswerTo> =>
  xml('SimulatePrincipalPolicy', `<IsTruncated>false</IsTruncated><EvaluationResults>${results.join('')}</EvaluationResults>`);

/** A role as it should be, but for what `change` says. */
async function look(name: FunctionName, change: (asked: Asked) => string | undefined = () => undefined, more = '') {
  const right = ({ action, on, keys }: Asked): string => {
    const question = permissionQuestions(config)[name].find(
      (one) => one.action === action && deployedArn(one.on, places, one.beside) === on && (one.keys ?? []).join() === keys.join(),
    );
    return question?.wanted === 'allowed' ? 'allowed' : 'implicitDeny';
  };
  const { server, clients, calls } = await awsStandIn((call) =>
    simulated(
      askedIn(call).map((asked) => result(asked, change(asked) ?? right(asked), change(asked) === undefined ? '' : more)),
    ),
  );
  close = server.close;
  const role = 'arn:aws:iam::111122223333:role/f';
  const [finding] = await checkPermissions(clients.iam, config, [{ name, role, places }]);
  return { finding, calls };
}

describe('the roles of a deployment, by the policy simulator', () => {
  it('are well when they allow what the code needs and refuse the rest', async () => {
    const { finding, calls } = await look('deliver');
    expect(finding).toMatchObject({ area: 'permissions', what: 'deliver', state: 'ok' });
    expect(new Set(calls.map(({ action }) => action))).toEqual(new Set(['SimulatePrincipalPolicy']));
    expect(calls.every(({ fields }) => fields.get('PolicySourceArn') === 'arn:aws:iam::111122223333:role/f')).toBe(true);
    // Keys of items go with the request, as DynamoDB would give them.
    const keyed = calls.find(({ fields }) => fields.get('ContextEntries.member.1.ContextKeyName') === 'dynamodb:LeadingKeys');
    expect(keyed?.fields.get('ContextEntries.member.1.ContextKeyType')).toBe('stringList');
  });

  it('fail where something is denied, and say what, on what, and by which policy', async () => {
    const boundary =
      '<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>';
    const { finding } = await look(
      'judge',
      ({ action }) => (action === 'cloudwatch:GetMetricData' ? 'implicitDeny' : undefined),
      boundary,
    );
    expect(finding).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(
        /^it needs, and may not, cloudwatch:GetMetricData on \* \(by the role's permissions boundary\)$/,
      ),
      todo: expect.stringMatching(/deploy again/),
    });
  });

  it('warn where somebody has widened them', async () => {
    const { finding } = await look('judge', ({ action, on }) =>
      action.startsWith('dynamodb:') && on === places.table ? 'allowed' : undefined,
    );
    expect(finding).toMatchObject({
      state: 'warn',
      found: expect.stringMatching(/too wide: it may .*dynamodb:Scan.* on .*table\/T/),
    });
  });

  it('stay unknown where one may not ask, and where IAM throttles', async () => {
    const denied = await awsStandIn(() => undefined);
    close = denied.server.close;
    const of = [{ name: 'judge' as const, role: 'arn:aws:iam::111122223333:role/f', places }];
    expect(await checkPermissions(denied.clients.iam, config, of)).toMatchObject([
      { state: 'unknown', todo: expect.stringMatching(/^allow iam:SimulatePrincipalPolicy to yourself/) },
    ]);
    await denied.server.close();
    const throttled = await awsStandIn(() => failedXml('Throttling', 'Rate exceeded', 400));
    close = throttled.server.close;
    expect(await checkPermissions(throttled.clients.iam, config, of)).toMatchObject([
      { state: 'unknown', todo: expect.stringMatching(/throttling.*again in a minute/) },
    ]);
  });
});
