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
  /** The service supports no narrower resource. `why` is shown to whoever reviews the policy. */
  | { by: 'everything'; why: string };

/** Why one part of the config cannot work on AWS, although the rest does. */
export type AwsFault = 'log only' | 'loopback';

/** The ARN of a function in the config, as Lambda's API accepts its name. Qualifiers are left out. */
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
