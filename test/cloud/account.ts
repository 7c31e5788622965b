import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand, type StateValue } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { credentials, region } from './emulator.ts';
import { until } from './until.ts';

/**
 * What an operator of the account does with the AWS clients; Tocsin itself is never called but by
 * its addresses.
 */
export type Account = ReturnType<typeof accountAt>;

export function accountAt(endpoint: string) {
  const common = { endpoint, region, credentials, maxAttempts: 2 };
  const lambda = new LambdaClient(common);
  const secrets = new SecretsManagerClient(common);
  const dynamodb = new DynamoDBClient(common);
  const cloudwatch = new CloudWatchClient(common);
  const iam = new IAMClient(common);

  async function functionDescribed(description: string): Promise<string> {
    for (let Marker: string | undefined; ; ) {
      const page = await lambda.send(new ListFunctionsCommand({ Marker }));
      const found = page.Functions?.find(({ Description }) => Description === description)?.FunctionName;
      if (found !== undefined) return found;
      Marker = page.NextMarker;
      if (Marker === undefined) throw new Error(`no function is described as "${description}"`);
    }
  }

  const sqs = new SQSClient(common);
  const alias = async (): Promise<string | undefined> =>
    (await lambda.send(new GetAliasCommand({ FunctionName: 'scorer', Name: 'live' }))).FunctionVersion;

  return {
    sns: new SNSClient(common),
    sqs,
    alias,

    async storeSecret(name: string, value: string): Promise<void> {
      await secrets.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    },

    /** Starts the evaluation of a stage out of turn, as its schedule does each minute. */
    async evaluate(stage: string): Promise<void> {
      const name = await functionDescribed(`Tocsin ${stage}: judges every rule that is due`);
      const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{}' }));
      if (answer.FunctionError !== undefined)
        throw new Error(`evaluation failed: ${Buffer.from(answer.Payload ?? []).toString('utf8')}`);
    },

    /** Starts the sweep of a stage out of turn; the end of what it logged. */
    async sweep(stage: string): Promise<string> {
      const name = await functionDescribed(`Tocsin ${stage}: finds what stream and timers missed`);
      const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{}', LogType: 'Tail' }));
      return Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
    },

    /** What callers of the model get from its alias. */
    async servedRelease(): Promise<string> {
      const answer = await lambda.send(new InvokeCommand({ FunctionName: 'scorer', Qualifier: 'live', Payload: '{}' }));
      return (JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8')) as { release: string }).release;
    },

    /** Publishes another version of the model and moves the alias to it. */
    async release(name: string): Promise<string> {
      const FunctionName = 'scorer';
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { RELEASE: name } } }));
      const publish = async () => (await lambda.send(new PublishVersionCommand({ FunctionName }))).Version;
      const version = await until('the new version of the model to be published', publish, { seconds: 20 });
      await lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: version }));
      return version;
    },

    /** The queues of a stage where nothing should lie. */
    async deadLetters(stage: string): Promise<{ queue: string; messages: number }[]> {
      const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: `Tocsin-${stage}-` }));
      const dead = QueueUrls.filter((url) => /DeadLetters|Undispatched/.test(url));
      return Promise.all(
        dead.map(async (QueueUrl) => {
          const AttributeNames = ['ApproximateNumberOfMessages' as const];
          const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
          return { queue: QueueUrl, messages: Number(Attributes?.ApproximateNumberOfMessages) };
        }),
      );
    },

    async queuesNamed(part: string): Promise<string[]> {
      const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
      return QueueUrls.filter((url) => url.includes(part));
    },

    /** Names of alarms in a state for a reason with these words. */
    async alarmsIn(StateValue: StateValue, words: string): Promise<string[]> {
      const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ StateValue }));
      return MetricAlarms.flatMap(({ AlarmName = '', StateReason = '' }) => (StateReason.includes(words) ? [AlarmName] : []));
    },

    /** As somebody adds a statement to a role by hand; gives the way to take it away. */
    async changeRole(description: string, statement: object): Promise<() => Promise<void>> {
      const FunctionName = await functionDescribed(description);
      const { Role = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const policy = { RoleName: Role.split('/').at(-1), PolicyName: 'by-hand' };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
      return async () => void (await iam.send(new DeleteRolePolicyCommand(policy)));
    },

    /** As another version of Tocsin marks a table. */
    async markTable(TableName: string, version: number): Promise<void> {
      const Item = { pk: { S: 'table#version' }, sk: { S: 'version' }, version: { N: String(version) } };
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
    },

    async tableMark(TableName: string): Promise<string | undefined> {
      const Key = { pk: { S: 'table#version' }, sk: { S: 'version' } };
      return (await dynamodb.send(new GetItemCommand({ TableName, Key }))).Item?.['version']?.N;
    },

    async putMetrics(namespace: string, at: number, values: Record<string, number>): Promise<void> {
      const Timestamp = new Date(at);
      const MetricData = Object.entries(values).map(([MetricName, Value]) => ({
        MetricName,
        Value,
        Timestamp,
        StorageResolution: 1,
      }));
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
    },
  };
}
