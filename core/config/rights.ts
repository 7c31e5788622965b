import type { AwsResource } from '../vocabulary/aws-permission.ts';
import { tableKeys, type WriteGroup } from '../vocabulary/table-keys.ts';
import type { WorkQueueName } from '../vocabulary/work-queues.ts';
import type { FunctionNeeds } from './function-needs.ts';
import type { FunctionName } from './functions.ts';
import type { Config } from './schema.ts';

/** What a right is about: something that the deployment itself makes, or that the config names. */
export type DeployedResource =
  | { by: 'table' }
  | { by: 'index'; name: string }
  | { by: 'stream' }
  | { by: 'queue'; name: WorkQueueName }
  | { by: 'pages topic' }
  | { by: 'topics key' }
  | { by: 'secret'; name: string }
  | { by: 'log group' }
  | { by: 'own function'; name: FunctionName }
  | AwsResource;

/** Actions that a function's role must allow on each of some resources. */
export type Right = {
  /** Full names, no wildcards: `sqs:SendMessage`. */
  actions: readonly string[];
  on: readonly DeployedResource[];
  /** Only on items whose partition key begins with one of these. */
  keysBegin?: readonly string[];
  /** The CDK grants it, with the event source that it belongs to; lib/ does not. */
  bySource?: true;
};

/** What every function does with its log group. */
const logging: Right = { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: [{ by: 'log group' }] };

/** What stores/dynamodb calls. A transaction needs the permissions of its parts. */
const reading = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const writing = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

/**
 * Reading everything, and writing only these groups. A transaction is checked per item. Nobody may
 * scan or change the table itself. Every reader may add to quarantine, but only a writer of a
 * record may move it there.
 */
function tableRights(writes: readonly WriteGroup[] | 'nothing'): Right[] {
  const keysBegin = writes === 'nothing' ? [] : [...writes, 'quarantine' as const].flatMap((group) => tableKeys.writes[group]);
  const indexes = [tableKeys.dueIndex, tableKeys.listIndex].map(({ name }) => ({ by: 'index' as const, name }));
  return [
    { actions: reading, on: [{ by: 'table' }] },
    ...(keysBegin.length === 0 ? [] : [{ actions: writing, on: [{ by: 'table' as const }], keysBegin }]),
    { actions: ['dynamodb:Query'], on: indexes },
  ];
}

/** What Lambda reads in the name of a function that a queue, or the table's stream, feeds. */
const takingMessages = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const streamRights: Right[] = [
  {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    on: [{ by: 'stream' }],
    bySource: true,
  },
  {
    actions: ['dynamodb:ListStreams'],
    on: [
      { by: 'everything', why: 'dynamodb:ListStreams, which lists names and which Lambda asks for, knows no narrower resource' },
    ],
    bySource: true,
  },
];

const sendingRights = (names: readonly WorkQueueName[]): Right[] =>
  names.map((name) => ({ actions: ['sqs:SendMessage'], on: [{ by: 'queue', name }] }));

const secretRights = (names: readonly string[]): Right[] =>
  names.length === 0 ? [] : [{ actions: ['secretsmanager:GetSecretValue'], on: names.map((name) => ({ by: 'secret', name })) }];

/** The topic is encrypted with a key of the deployment. */
const publishingRights: Right[] = [
  { actions: ['sns:Publish'], on: [{ by: 'pages topic' }] },
  { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [{ by: 'topics key' }] },
];

const spanRights: Right = {
  actions: ['xray:PutSpans', 'xray:PutTraceSegments'],
  on: [{ by: 'everything', why: 'X-Ray knows no narrower resource to put spans into' }],
};

/** All that the role of a function must allow. */
export function rightsOf(needs: FunctionNeeds, { settings }: Pick<Config, 'settings'>): Right[] {
  const { writes, readsStream, sends, takes, publishes, invokes = [], secrets = [], permissions } = needs;
  return [
    logging,
    ...(writes === undefined ? [] : tableRights(writes)),
    ...(readsStream ? streamRights : []),
    ...sendingRights(sends),
    ...takes.map((name): Right => ({ actions: takingMessages, on: [{ by: 'queue', name }], bySource: true })),
    ...(publishes ? publishingRights : []),
    ...invokes.map((name): Right => ({ actions: ['lambda:InvokeFunction'], on: [{ by: 'own function', name }] })),
    ...secretRights(secrets),
    ...permissions.map(({ actions, on }) => ({ actions, on: [on] })),
    ...(settings.traces?.endpoint === 'xray' ? [spanRights] : []),
  ];
}
