import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { type FunctionName, functionVariable } from '../core/config/functions.ts';
import { type DeployedResource, type Right, rightsOf } from '../core/config/rights.ts';
import { bucketArn, lambdaArn, namedArn } from '../core/vocabulary/aws-permission.ts';
import { queueVariable } from '../core/vocabulary/work-queues.ts';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import type { Store } from './store.ts';
import type { TocsinFunction } from './tocsin-function.ts';
import type { Topics } from './topics.ts';
import type { WorkQueues } from './work-queues.ts';

/** What rights may be about. A function that needs a part must be given it. */
export type Parts = {
  deployment: Deployment;
  store?: Store;
  queues?: WorkQueues;
  topics?: Topics;
  functions?: Partial<Record<FunctionName, TocsinFunction>>;
};

/**
 * Makes the role of a function from its needs, and tells it the names of what it works with. One
 * statement for each set of actions, on full resources without wildcards.
 */
export function grant(to: TocsinFunction, parts: Parts): void {
  const { store, queues, topics } = parts;
  if (to.needs.writes !== undefined) to.addEnvironment('TOCSIN_TABLE', part(store, 'table').table.tableName);
  for (const name of to.needs.sends) to.addEnvironment(queueVariable(name), part(queues, 'queues')[name].queue.queueUrl);
  for (const name of to.needs.invokes ?? [])
    to.addEnvironment(functionVariable(name), part(parts.functions?.[name], name).functionName);
  if (to.needs.publishes) to.addEnvironment('TOCSIN_TOPIC', part(topics, 'topics').pages.topicArn);
  const rights = rightsOf(to.needs, parts.deployment.config).filter(({ bySource }) => bySource !== true);
  for (const same of Map.groupBy(rights, ({ actions, keysBegin }) => `${actions} ${keysBegin}`).values()) {
    const [{ actions, keysBegin }] = same as [Right, ...Right[]];
    const on = same.flatMap((right) => right.on);
    to.allow(actions, [...new Set(on.map((one) => arnOf(to, one, parts)))].toSorted(), conditionsOf(keysBegin));
  }
  acknowledgeWide(to, parts);
}

/** Also for what the CDK grants with an event source. */
function acknowledgeWide(to: TocsinFunction, { deployment }: Parts): void {
  const on = rightsOf(to.needs, deployment.config).flatMap((right) => right.on);
  const below = 'what a database or a place in S3 of the config holds, whose names only its owner knows';
  for (const one of on) {
    if (one.by === 'everything') acknowledge(to.rights, 'AwsSolutions-IAM5[Resource::*]', one.why);
    else if ((one.by === 'named' || one.by === 'bucket') && one.below !== undefined) {
      const arn = one.by === 'named' ? namedArn(one, shownPlace(to), '*') : bucketArn(one, shownPlace(to), '*');
      acknowledge(to.rights, `AwsSolutions-IAM5[Resource::${arn}]`, below);
    }
  }
}

/** Where the stack is, as cdk-nag writes it: what is known at deployment only by its name. */
function shownPlace(to: TocsinFunction): { partition: string; region: string; account: string } {
  const { partition, region, account } = Stack.of(to);
  const shown = (value: string, name: string): string => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  return {
    partition: shown(partition, 'Partition'),
    region: shown(region, 'Region'),
    account: shown(account, 'AccountId'),
  };
}

const conditionsOf = (keysBegin: readonly string[] | undefined): Record<string, Record<string, unknown>> | undefined =>
  keysBegin && {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keysBegin.map((prefix) => `${prefix}*`) },
    // ForAllValues is also true without any key.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };

function arnOf(to: TocsinFunction, on: DeployedResource, { deployment, store, queues, topics, functions }: Parts): string {
  const stack = Stack.of(to);
  switch (on.by) {
    case 'table':
      return part(store, 'table').table.tableArn;
    case 'index':
      return `${part(store, 'table').table.tableArn}/index/${on.name}`;
    case 'stream':
      return part(store, 'table').table.tableStreamArn ?? '';
    case 'queue':
      return part(queues, 'queues')[on.name].queue.queueArn;
    case 'pages topic':
      return part(topics, 'topics').pages.topicArn;
    case 'topics key':
      return part(topics, 'topics').key.keyArn;
    case 'own function':
      return part(functions?.[on.name], on.name).functionArn;
    case 'log group':
      return to.log.logGroupArn;
    case 'secret':
      return stack.formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        // Secrets Manager appends six random characters. Six `?` match them exactly, so no longer
        // name matches.
        resourceName: `${deployment.secretsPrefix}${on.name}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    case 'arn':
      return on.arn;
    case 'function':
      return lambdaArn(on, stack);
    case 'named':
      return namedArn(on, stack, '*');
    case 'bucket':
      return bucketArn(on, stack, '*');
    case 'everything':
      return '*';
  }
}

function part<T>(given: T | undefined, what: string): T {
  if (given === undefined) throw new Error(`a function needs the ${what}, and its construct was not given any`);
  return given;
}
