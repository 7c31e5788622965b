import { checked, type Finding } from './finding.ts';

/** Checks a deployment's table: it exists, expires records, and has a stream. */
export function checkTable(table: string): Promise<Finding[]> {
  const at = { area: 'aws', what: table } as const;
  const todo =
    'check the name (`aws cloudformation describe-stack-resources`), region and credentials; then run `npx cdk deploy` again';
  return Promise.all([
    checked(at, todo, async () => {
      const { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
      const client = new DynamoDBClient({ maxAttempts: 2 });
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
      const wrong = [
        ...(Table?.TableStatus === 'ACTIVE' ? [] : [`its status is ${Table?.TableStatus}`]),
        ...(Table?.StreamSpecification?.StreamEnabled === true ? [] : ['its stream is off, so pages wait for the sweep']),
        ...(TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED' ? [] : ['nothing expires (time to live is off)']),
      ];
      if (wrong.length > 0) return { ...at, state: 'failed', found: wrong.join('; '), todo: 'run `npx cdk deploy` again' };
      return { ...at, state: 'ok', found: `active, with stream and time to live; about ${Table?.ItemCount ?? 0} items` };
    }),
    checked(at, 'allow dynamodb:GetItem on the table', async () => {
      const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
      const { recordsVersions } = await import('../../stores/dynamodb/index.ts');
      const { found, known } = await recordsVersions(new DynamoDBClient({ maxAttempts: 2 }), table);
      if (found === undefined)
        return { ...at, state: 'ok', found: `its records have no version yet; the next tick marks them as version ${known}` };
      if (found <= known)
        return { ...at, state: 'ok', found: `its records have version ${found}; this Tocsin supports up to ${known}` };
      return {
        ...at,
        state: 'failed',
        found: `its records have version ${found}, but this Tocsin supports up to ${known}: once deployed, it would refuse to touch them`,
        todo: 'deploy the version that wrote them, or a newer one',
      };
    }),
    checked(
      { area: 'aws', what: 'lambda concurrency' },
      'allow lambda:GetAccountSettings, or look in Service Quotas',
      async () => {
        const { GetAccountSettingsCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
        const { AccountLimit } = await new LambdaClient({ maxAttempts: 2 }).send(new GetAccountSettingsCommand({}));
        const free = AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions ?? 0;
        const found = `${free} concurrent executions are available`;
        if (free >= 50) return { area: 'aws', what: 'lambda concurrency', state: 'ok', found };
        return {
          area: 'aws',
          what: 'lambda concurrency',
          state: 'warn',
          found,
          todo: 'request more in Service Quotas (L-B99A9384)',
        };
      },
    ),
  ]);
}
