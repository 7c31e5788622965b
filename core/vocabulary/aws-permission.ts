/** One AWS permission that something in the config needs, as data. lib/ turns it into a policy. */
export type AwsPermission = {
  /** Full names, no wildcards: `sns:Publish`. */
  actions: readonly string[];
  on: AwsResource;
};

export type AwsResource =
  | { by: 'arn'; arn: string }
  /**
   * A function by name, `account:function:name` or ARN. Without a region it is the deployment's.
   */
  | { by: 'function'; functionName: string; region: string | undefined }
  /**
   * What a service calls by name in the deployment's account: `workgroup/primary`; or all that is
   * `below` it.
   */
  | { by: 'named'; service: 'athena' | 'glue'; name: string; region: string | undefined; below?: true }
  /**
   * A bucket in S3; or its objects whose keys begin with `below`, which is empty or ends with a
   * slash.
   */
  | { by: 'bucket'; bucket: string; below?: string }
  /** The service supports no narrower resource. `why` is shown to whoever reviews the policy. */
  | { by: 'everything'; why: string };

/** Why one part of the config cannot work on AWS, although the rest does. */
export type AwsFault = 'log only' | 'loopback';

/**
 * The ARN of a function in the config, as Lambda's API accepts its name. Qualifiers are left out.
 */
export function lambdaArn(
  { functionName, region }: { functionName: string; region?: string | undefined },
  here: { partition: string; region: string; account: string },
): string {
  if (functionName.startsWith('arn:')) return functionName.split(':').slice(0, 7).join(':');
  const [account, name] = functionName.includes(':function:')
    ? (functionName.split(':function:') as [string, string])
    : [here.account, functionName];
  return `arn:${here.partition}:lambda:${region ?? here.region}:${account}:function:${name.split(':')[0]}`;
}

/** `last`: what stands for all that is below: `*` in a policy, some name in a question about it. */
export function namedArn(
  { service, name, region, below }: Extract<AwsResource, { by: 'named' }>,
  here: { partition: string; region: string; account: string },
  last: string,
): string {
  return `arn:${here.partition}:${service}:${region ?? here.region}:${here.account}:${name}${below ? `/${last}` : ''}`;
}

/** `last`: as of `namedArn`. */
export const bucketArn = (
  { bucket, below }: Extract<AwsResource, { by: 'bucket' }>,
  { partition }: { partition: string },
  last: string,
): string => `arn:${partition}:s3:::${bucket}${below === undefined ? '' : `/${below}${last}`}`;
