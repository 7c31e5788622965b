import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { DeployedPlaces } from '../../../core/config/deployed-arn.ts';
import { type FunctionName, functionNames } from '../../../core/config/functions.ts';
import { queueVariable, workQueueNames } from '../../../core/vocabulary/work-queues.ts';
import type { AwsClients } from './clients.ts';
import type { DeployedFunction, DeployedStack } from './stack.ts';

/** The first value that any function was given. */
export function told({ functions }: Pick<DeployedStack, 'functions'>, variable: string): string | undefined {
  return Object.values(functions).find(({ variables }) => variables[variable] !== undefined)?.variables[variable];
}

/** A half-deployed stack may lack the function that was told. */
function needed(stack: Pick<DeployedStack, 'functions'>, variable: string): string {
  const value = told(stack, variable);
  if (value === undefined) throw new Error(`no function of the stack was told ${variable}; deploy again`);
  return value;
}

export type Placed = { name: FunctionName; role: string; places: DeployedPlaces };

/** Each function with the ARNs of what it works with, from what the functions were told. */
export async function placesOf(
  { dynamodb, sns }: Pick<AwsClients, 'dynamodb' | 'sns'>,
  stack: DeployedStack,
  stage: string,
): Promise<Placed[]> {
  const { partition, region, account, functions } = stack;
  const table = needed(stack, 'TOCSIN_TABLE');
  const pagesTopic = needed(stack, 'TOCSIN_TOPIC');
  const [{ Table }, { Attributes = {} }] = await Promise.all([
    dynamodb.send(new DescribeTableCommand({ TableName: table })),
    sns.send(new GetTopicAttributesCommand({ TopicArn: pagesTopic })),
  ]);
  const queue = (url: string): string => `arn:${partition}:sqs:${region}:${account}:${url.split('/').at(-1)}`;
  const key = Attributes['KmsMasterKeyId'] ?? stack.keys[0] ?? '';
  const common: Omit<DeployedPlaces, 'logGroup'> = {
    partition,
    region,
    account,
    table: Table?.TableArn ?? '',
    stream: Table?.LatestStreamArn ?? '',
    queues: Object.fromEntries(
      workQueueNames.map((name) => [name, queue(needed(stack, queueVariable(name)))]),
    ) as DeployedPlaces['queues'],
    pagesTopic,
    topicsKey: key.startsWith('arn:') ? key : `arn:${partition}:kms:${region}:${account}:key/${key}`,
    functions: Object.fromEntries(Object.entries(functions).map(([name, { arn }]) => [name, arn])),
    secretsPrefix: told(stack, 'TOCSIN_SECRETS') ?? `tocsin/${stage}/`,
  };
  return functionNames.flatMap((name) => {
    const one: DeployedFunction | undefined = functions[name];
    return one === undefined ? [] : [{ name, role: one.role, places: { ...common, logGroup: one.logGroup } }];
  });
}
