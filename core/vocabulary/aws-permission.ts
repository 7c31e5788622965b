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
