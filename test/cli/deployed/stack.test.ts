import { afterEach, describe, expect, it, vi } from 'vitest';
import { findStack } from '../../../cli/doctor/deployed/stack.ts';
import { describedAs, type FunctionName, functionNames } from '../../../core/config/functions.ts';
import { type AnswerTo, awsStandIn, failedJson, failedXml, json, xml } from './aws.ts';

const cloudformation = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
  vi.unstubAllEnvs();
});

const stackOf = (status: string, reason = ''): ReturnType<AnswerTo> =>
  xml(
    'DescribeStacks',
    `<Stacks><member><StackId>arn:aws:cloudformation:eu-central-1:111122223333:stack/Tocsin-prod/1</StackId><StackName>Tocsin-prod</StackName><StackStatus>${status}</StackStatus>${reason === '' ? '' : `<StackStatusReason>${reason}</StackStatusReason>`}<CreationTime>2026-01-05T09:00:00Z</CreationTime></member></Stacks>`,
    cloudformation,
  );
const resource = (type: string, id: string): string =>
  `<member><LogicalResourceId>L${id}</LogicalResourceId><PhysicalResourceId>${id}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-01-05T09:00:00Z</LastUpdatedTimestamp></member>`;

function account(names: readonly FunctionName[], status: string, reason?: string): AnswerTo {
  return ({ action, fields }) => {
    if (action === 'DescribeStacks') return stackOf(status, reason);
    if (action === 'ListStackResources') {
      // In two pages, as a stack of this size comes.
      const first = fields.get('NextToken') === null;
      const members = first
        ? names.map((name) => resource('AWS::Lambda::Function', name))
        : [resource('AWS::CloudWatch::Alarm', 'Alarm')];
      return xml(
        action,
        `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>${first ? '<NextToken>2</NextToken>' : ''}`,
        cloudformation,
      );
    }
    const name = /\/functions\/(\w+)\/configuration$/.exec(action)?.[1] as FunctionName | undefined;
    if (name === undefined) return undefined;
    return json({
      FunctionName: name,
      FunctionArn: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
      Role: `arn:aws:iam::111122223333:role/${name}`,
      Description: describedAs('prod', name),
      LoggingConfig: { LogFormat: 'JSON', LogGroup: `/logs/${name}` },
      Environment: { Variables: { TOCSIN_STAGE: 'prod', TOCSIN_TABLE: 'T' } },
    });
  };
}

async function find(answer: AnswerTo, stage = 'prod') {
  const { server, clients } = await awsStandIn(answer);
  close = server.close;
  return findStack(clients, { name: 'Tocsin-prod', stage });
}

describe('the stack of a deployment', () => {
  it('is where the doctor learns what there is', async () => {
    const { findings, stack } = await find(account(functionNames, 'UPDATE_COMPLETE'));
    expect(findings).toMatchObject([
      {
        area: 'stack',
        state: 'ok',
        found: expect.stringMatching(/in eu-central-1 of account 111122223333, with all 10 functions/),
      },
    ]);
    expect(stack).toMatchObject({ partition: 'aws', region: 'eu-central-1', account: '111122223333', alarms: ['Alarm'] });
    expect(stack?.functions.deliver).toEqual({
      id: 'deliver',
      arn: 'arn:aws:lambda:eu-central-1:111122223333:function:deliver',
      role: 'arn:aws:iam::111122223333:role/deliver',
      logGroup: '/logs/deliver',
      variables: { TOCSIN_STAGE: 'prod', TOCSIN_TABLE: 'T' },
    });
  });

  it('is missing in another region, or under another name', async () => {
    const { findings, stack } = await find(({ action }) =>
      action === 'DescribeStacks' ? failedXml('ValidationError', 'Stack with id Tocsin-prod does not exist', 400) : undefined,
    );
    expect(stack).toBeUndefined();
    expect(findings).toMatchObject([
      {
        state: 'failed',
        found: expect.stringMatching(/^is not in eu-central-1/),
        todo: expect.stringMatching(/AWS_REGION.*--stage.*--stack/),
      },
    ]);
  });

  it.each([
    ['UPDATE_IN_PROGRESS', 'warn', /again when that is over/],
    ['UPDATE_ROLLBACK_COMPLETE', 'warn', /deploy again/],
    ['UPDATE_ROLLBACK_FAILED', 'failed', /read the events/],
    ['ROLLBACK_COMPLETE', 'failed', /read the events/],
    ['CREATE_FAILED', 'failed', /read the events/],
  ])('is half deployed: %s', async (status, state, todo) => {
    const { findings } = await find(account(functionNames, status, 'Resource handler returned message'));
    expect(findings).toMatchObject([
      { state, found: expect.stringContaining('Resource handler'), todo: expect.stringMatching(todo) },
    ]);
  });

  it('lacks functions that an older version did not have, and all of them under another stage', async () => {
    const older = await find(
      account(
        functionNames.filter((name) => name !== 'judge'),
        'UPDATE_COMPLETE',
      ),
    );
    expect(older).toMatchObject({
      findings: [{ state: 'failed', found: expect.stringMatching(/it has no function judge of stage prod/) }],
      stack: {},
    });
    await close?.();
    const other = await find(account(functionNames, 'UPDATE_COMPLETE'), 'staging');
    expect(other.stack).toBeUndefined();
    expect(other.findings).toMatchObject([{ state: 'failed', todo: expect.stringMatching(/--stage/) }]);
  });

  it('lacks a function that somebody has deleted, although the stack lists it', async () => {
    const whole = account(functionNames, 'UPDATE_COMPLETE');
    const { findings, stack } = await find((call) =>
      /\/functions\/deliver\/configuration$/.test(call.action)
        ? failedJson('ResourceNotFoundException', 'Function not found', 404)
        : whole(call),
    );
    expect(findings).toMatchObject([{ state: 'failed', found: expect.stringMatching(/no function deliver/) }]);
    expect(stack?.functions.deliver).toBeUndefined();
  });

  it('cannot be looked at by whom AWS does not answer, which is a failure: nothing else is known then', async () => {
    const { findings } = await find(() => undefined);
    expect(findings).toMatchObject([
      {
        state: 'failed',
        found: expect.stringMatching(/^could not look/),
        todo: expect.stringMatching(/^allow cloudformation:DescribeStacks/),
      },
    ]);
  });
});
