import { DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { describedAs, type FunctionName, functionNames } from '../../../core/config/functions.ts';
import type { Finding } from '../finding.ts';
import type { AwsClients } from './clients.ts';
import { fewAtOnce, nameOf, some, unseen } from './look.ts';

export type DeployedFunction = {
  /** Its name and ARN on AWS. */
  id: string;
  arn: string;
  role: string;
  logGroup: string;
  /** What it was told: `TOCSIN_...`. */
  variables: Readonly<Record<string, string>>;
};

/** A deployment as CloudFormation and Lambda describe it. */
export type DeployedStack = {
  name: string;
  partition: string;
  region: string;
  account: string;
  functions: Readonly<Partial<Record<FunctionName, DeployedFunction>>>;
  /** Names of its CloudWatch alarms. */
  alarms: readonly string[];
  /** Ids of its KMS keys: one, unless the stack is somebody's own. */
  keys: readonly string[];
};

const allow = 'cloudformation:DescribeStacks, cloudformation:ListStackResources and lambda:GetFunctionConfiguration';

/** Finds the deployment of a stage. Without a stack, the findings say why. */
export async function findStack(
  { cloudformation, lambda }: Pick<AwsClients, 'cloudformation' | 'lambda'>,
  { name, stage }: { name: string; stage: string },
): Promise<{ findings: Finding[]; stack?: DeployedStack }> {
  const at = { area: 'stack', what: name } as const;
  try {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    const { StackId = '', StackStatus = 'unknown', StackStatusReason: reason } = Stacks?.[0] ?? {};
    const [, partition = '', , region = '', account = ''] = StackId.split(':');
    const resources: { type: string; id: string }[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client: cloudformation },
      { StackName: name },
    ))
      for (const { ResourceType = '', PhysicalResourceId = '' } of StackResourceSummaries)
        if (PhysicalResourceId !== '') resources.push({ type: ResourceType, id: PhysicalResourceId });
    const of = (type: string): string[] => resources.filter((one) => one.type === type).map(({ id }) => id);
    const functions = Object.fromEntries(
      (await fewAtOnce(of('AWS::Lambda::Function'), (id) => describe(lambda, id, stage))).filter((one) => one !== undefined),
    );
    const missing = functionNames.filter((one) => functions[one] === undefined);
    const state = statusFinding(StackStatus, reason);
    const where = `${state.found}; in ${region} of account ${account}`;
    const finding: Finding =
      missing.length === 0
        ? { ...at, ...state, found: `${where}, with all ${functionNames.length} functions` }
        : {
            ...at,
            state: 'failed',
            found: `${where}; it has no function ${some(missing, 'function')} of stage ${stage}`,
            todo: halfTodo,
          };
    const stack = {
      name,
      partition,
      region,
      account,
      functions,
      alarms: of('AWS::CloudWatch::Alarm'),
      keys: of('AWS::KMS::Key'),
    };
    return { findings: [finding], ...(missing.length === functionNames.length ? {} : { stack }) };
  } catch (cause) {
    if (nameOf(cause) === 'ValidationError') return { findings: [await noStack(cloudformation, name, cause)] };
    // Everything else rests on it, so nothing is known, and that is no success.
    return { findings: [{ ...unseen(at, cause, allow), state: 'failed' }] };
  }
}

const halfTodo =
  'deploy again (`npx cdk deploy`) with this version of Tocsin; --stage names another stage, and --stack the stack if it is not Tocsin-STAGE';

/** CloudFormation calls it a wrong value when there is no stack of that name. */
async function noStack({ config }: AwsClients['cloudformation'], name: string, cause: unknown): Promise<Finding> {
  const region = await config.region();
  return {
    area: 'stack',
    what: name,
    state: 'failed',
    found: `is not in ${region}: ${cause instanceof Error ? cause.message : String(cause)}`,
    todo: 'check the region (AWS_REGION), whose credentials these are, --stage, and --stack if Tocsin is part of a stack of your own',
  };
}

async function describe(
  lambda: AwsClients['lambda'],
  id: string,
  stage: string,
): Promise<[FunctionName, DeployedFunction] | undefined> {
  // Somebody may have deleted it by hand: the stack still lists it.
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id })).catch((cause: unknown) => {
    if (nameOf(cause) === 'ResourceNotFoundException') return undefined;
    throw cause;
  });
  if (found === undefined) return undefined;
  const { Description, FunctionArn, Role, LoggingConfig, Environment } = found;
  const name = functionNames.find((one) => describedAs(stage, one) === Description);
  if (name === undefined) return undefined;
  const logGroup = LoggingConfig?.LogGroup ?? `/aws/lambda/${id}`;
  return [name, { id, arn: FunctionArn ?? '', role: Role ?? '', logGroup, variables: Environment?.Variables ?? {} }];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
function statusFinding(status: string, reason: string | undefined): Pick<Finding, 'state' | 'found' | 'todo'> {
  const why = reason === undefined ? '' : ` (${reason})`;
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' || status === 'IMPORT_COMPLETE')
    return { state: 'ok', found: status };
  if (status === 'UPDATE_ROLLBACK_COMPLETE')
    return {
      state: 'warn',
      found: `${status}${why}: the last deployment failed, and the one before it runs`,
      todo: 'deploy again',
    };
  if (status.endsWith('_IN_PROGRESS'))
    return { state: 'warn', found: `${status}${why}: it is being deployed`, todo: 'run this again when that is over' };
  return { state: 'failed', found: `${status}${why}`, todo: 'read the events of the stack in CloudFormation, and deploy again' };
}
