import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';

/**
 * The ARN of a function given by name, `account:function:name`, or ARN, as Lambda's API accepts it.
 */
export function functionArn(
  stack: Stack,
  { functionName, region }: { functionName: string; region?: string | undefined },
): string {
  if (functionName.startsWith('arn:')) return functionName.split(':').slice(0, 7).join(':');
  const [account, name] = functionName.includes(':function:')
    ? (functionName.split(':function:') as [string, string])
    : [stack.account, functionName];
  return Arn.format(
    {
      service: 'lambda',
      resource: 'function',
      resourceName: name.split(':')[0],
      region: region ?? stack.region,
      account,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    stack,
  );
}
