import * as z from 'zod';
import type { AwsPermission } from '../../../vocabulary/aws-permission.ts';
import { positiveDuration } from '../../../vocabulary/units.ts';

const bucketName = '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]';

/** A place in S3. Wildcards of IAM are no part of a name here. */
const s3Place = z.string().regex(new RegExp(`^s3://${bucketName}/([A-Za-z0-9!_.'()=/-]{0,899}/)?$`), {
  error: 'expected a place in S3 that ends with a slash, such as s3://our-lake/orders/',
});

export const athena = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'expected a region, such as eu-central-1' })
    .optional()
    .describe('Region of the workgroup; by default that of the deployment.'),
  workgroup: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}$/, { error: 'expected the name of a workgroup' })
    .prefault('primary')
    .describe('The workgroup in which queries run. Give it one of its own, with a limit of bytes for each query.'),
  catalog: z
    .string()
    .regex(/^[A-Za-z0-9@_-]{1,256}$/, { error: 'expected the name of a data catalog' })
    .prefault('AwsDataCatalog')
    .describe('The data catalog; by default that of AWS Glue.'),
  database: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,255}$/, { error: 'expected the name of a database' })
    .describe('The database whose tables the queries read.'),
  results: s3Place
    .optional()
    .describe('Where Athena puts results, such as `s3://our-results/tocsin/`. Left out where the workgroup manages them.'),
  reads: z
    .array(s3Place)
    .max(20)
    .prefault([])
    .describe('Where the data of the tables is in S3. The deployed functions may read these places and no other.'),
  atMostEvery: positiveDuration
    .prefault('15m')
    .describe('No rule may ask more often: each question is billed by the bytes that it scans.'),
});

export type AthenaConfig = z.output<typeof athena>;

const ofGlue = 'AwsDataCatalog';

/**
 * What a role needs for it. Athena reads the tables, their data, and the place of results in the
 * name of whoever asks.
 */
export function athenaPermissions({ region, workgroup, catalog, database, results, reads }: AthenaConfig): AwsPermission[] {
  const named = (service: 'athena' | 'glue', name: string): AwsPermission['on'] => ({ by: 'named', service, name, region });
  const permissions: AwsPermission[] = [
    {
      actions: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:StopQueryExecution'],
      on: named('athena', `workgroup/${workgroup}`),
    },
  ];
  if (catalog === ofGlue) {
    permissions.push(
      { actions: readsOfGlue, on: named('glue', 'catalog') },
      { actions: readsOfGlue, on: named('glue', `database/${database}`) },
      { actions: readsOfGlue, on: { by: 'named', service: 'glue', name: `table/${database}`, region, below: true } },
      // Athena looks at this one, whichever is asked.
      ...(database === 'default'
        ? []
        : [{ actions: ['glue:GetDatabase'], on: named('glue', 'database/default') } satisfies AwsPermission]),
    );
  } else permissions.push({ actions: ['athena:GetDataCatalog'], on: named('athena', `datacatalog/${catalog}`) });
  for (const place of reads) permissions.push(...rightsIn(place, ['s3:GetObject']));
  if (results !== undefined)
    permissions.push(
      ...rightsIn(results, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts']),
    );
  return permissions;
}

const readsOfGlue = ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions'];

function rightsIn(place: string, actions: readonly string[]): AwsPermission[] {
  const [bucket = '', ...rest] = place.slice('s3://'.length).split('/');
  return [
    { actions: ['s3:GetBucketLocation', 's3:ListBucket'], on: { by: 'bucket', bucket } },
    { actions, on: { by: 'bucket', bucket, below: rest.join('/') } },
  ];
}
