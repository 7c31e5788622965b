import { bucketArn, lambdaArn, namedArn } from '../vocabulary/aws-permission.ts';
import type { WorkQueueName } from '../vocabulary/work-queues.ts';
import type { FunctionName } from './functions.ts';
import type { DeployedResource } from './rights.ts';

/** Where the resources of a deployment are: full ARNs, unless said otherwise. */
export type DeployedPlaces = {
  partition: string;
  region: string;
  account: string;
  table: string;
  stream: string;
  queues: Record<WorkQueueName, string>;
  pagesTopic: string;
  topicsKey: string;
  /** By name, the functions that others invoke. */
  functions: Partial<Record<FunctionName, string>>;
  /** Name of the log group of the function that is asked about. */
  logGroup: string;
  /** What names of secrets begin with: `tocsin/prod/`. */
  secretsPrefix: string;
};

/** Secrets Manager appends a hyphen and six random characters to each name. */
const anySuffix = '-AbCdEf';

/** The ARN of a resource; or of a made-up one `beside` it, in the same place under another name. */
export function deployedArn(on: DeployedResource, places: DeployedPlaces, beside = false): string {
  const { partition, region, account } = places;
  const other = beside ? '-beside' : '';
  switch (on.by) {
    case 'table':
      return `${places.table}${other}`;
    case 'index':
      return `${places.table}${other}/index/${on.name}`;
    case 'stream':
      return beside ? `${places.table}${other}/stream/2026-01-01T00:00:00.000` : places.stream;
    case 'queue':
      return `${places.queues[on.name]}${other}`;
    case 'pages topic':
      return `${places.pagesTopic}${other}`;
    case 'topics key':
      return beside ? `arn:${partition}:kms:${region}:${account}:key/00000000-0000-0000-0000-000000000000` : places.topicsKey;
    case 'own function':
      return `${places.functions[on.name] ?? ''}${other}`;
    case 'log group':
      return `arn:${partition}:logs:${region}:${account}:log-group:${places.logGroup}${other}:log-stream:doctor`;
    case 'secret':
      return `arn:${partition}:secretsmanager:${region}:${account}:secret:${places.secretsPrefix}${on.name}${other}${anySuffix}`;
    case 'arn':
      return `${on.arn}${other}`;
    case 'function':
      return `${lambdaArn(on, places)}${other}`;
    case 'named':
      return namedArn({ ...on, name: `${on.name}${other}` }, places, 'doctor');
    case 'bucket':
      return bucketArn({ ...on, bucket: `${on.bucket}${other}` }, places, 'doctor');
    case 'everything':
      return '*';
  }
}
