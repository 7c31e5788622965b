import { Stack } from 'aws-cdk-lib';
import type { AwsPermission, AwsResource } from '../core/vocabulary/aws-permission.ts';
import { acknowledge } from './acknowledge.ts';
import { functionArn } from './function-arn.ts';
import type { TocsinFunction } from './tocsin-function.ts';

/** Grants a function what the config needs: one statement per set of actions. */
export function grant(to: TocsinFunction, permissions: readonly AwsPermission[]): void {
  const stack = Stack.of(to);
  for (const [joined, same] of Map.groupBy(permissions, ({ actions }) => actions.join())) {
    to.allow(joined.split(','), [...new Set(same.map(({ on }) => arnOf(stack, on)))].toSorted());
    for (const { on } of same) if (on.by === 'everything') acknowledge(to.rights, 'AwsSolutions-IAM5[Resource::*]', on.why);
  }
}

function arnOf(stack: Stack, on: AwsResource): string {
  switch (on.by) {
    case 'arn':
      return on.arn;
    case 'function':
      return functionArn(stack, on);
    case 'everything':
      return '*';
  }
}
