/** What a role must be allowed on AWS for one thing that the config names, as data: lib/ makes a policy of it. */
export type AwsPermission = {
  /** In full, without wildcards: `sns:Publish`. */
  actions: readonly string[];
  on: AwsResource;
};

export type AwsResource =
  | { by: 'arn'; arn: string }
  /** A function by its name, `account:function:name` or its ARN; in the region of the deployment when that is left out. */
  | { by: 'function'; functionName: string; region: string | undefined }
  /** The service knows no narrower resource; `why` is shown to whoever reviews the policy. */
  | { by: 'everything'; why: string };

/** Why something does not work on AWS as its config says, while the rest does. */
export type AwsFault = 'log only' | 'loopback';
