import type { Account, Found } from './account.ts';
import { type Arrow, asRole, hands, notKnown, trusted, type Walker } from './arrows.ts';
import { type Call, type Party, refusal } from './refusal.ts';

/**
 * What a function does with what it is told of, or is fed from: the actions of its role, each on
 * what it is about.
 */
type Needed = { action: string; resource?: (arn: string) => string };

const on = (...actions: string[]): Needed[] => actions.map((action) => ({ action }));

/** By the kind of resource that an environment variable names. */
const uses: Readonly<Record<string, { what: string; needed: Needed[] }>> = {
  'AWS::DynamoDB::Table': {
    what: 'table',
    needed: [
      ...on('dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'),
      { action: 'dynamodb:Query', resource: (arn) => `${arn}/index/due` },
      { action: 'dynamodb:Query', resource: (arn) => `${arn}/index/list` },
    ],
  },
  'AWS::Lambda::Function': { what: 'function', needed: on('lambda:InvokeFunction') },
  'AWS::SNS::Topic': { what: 'topic', needed: on('sns:Publish') },
  'AWS::SQS::Queue': { what: 'queue', needed: on('sqs:SendMessage') },
};

/** By the kind of source that Lambda reads in the name of the function. */
const feeds: Readonly<Record<string, { what: string; needed: Needed[] }>> = {
  'AWS::DynamoDB::Table': {
    what: 'stream',
    needed: [
      ...on('dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'),
      { action: 'dynamodb:ListStreams', resource: () => '*' },
    ],
  },
  'AWS::SQS::Queue': { what: 'queue', needed: on('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes') },
};

function asked(account: Account, call: Omit<Call, 'action'>, needed: Needed[], arn: string): string[] {
  return needed
    .map(({ action, resource }) => refusal(account, { ...call, action, resource: resource?.(arn) ?? arn }))
    .filter((reason) => reason !== undefined);
}

const roleOf = (account: Account, one: Found): Party => asRole(account, String(account.read(one, 'Role')));

/** The function that a mapping or a setting of asynchronous calls is about. */
function functionOf(account: Account, from: Found): Found {
  const name = String(account.read(from, 'FunctionName'));
  const found = account.byReference(name);
  if (found?.type !== 'AWS::Lambda::Function')
    throw notKnown({ id: from.id, type: from.type, path: 'FunctionName', value: name }, name);
  return found;
}

/** A function is told by its environment what to write to, and its role has to let it. */
const environment: Walker = ({ account, from, place, arn: value }) => {
  const target = account.byReference(value);
  if (target === undefined) {
    // An address for links: whoever follows it is somebody else.
    if (/^https:\/\/[\w-]+\.lambda-url\./.test(value)) return [];
    throw notKnown(place, `as ${value}`);
  }
  const use = uses[target.type];
  if (use === undefined) throw notKnown(place, `to ${target.type}`);
  const party = roleOf(account, from);
  const refused = asked(account, { party, target }, use.needed, account.resolver.arnOf(target.id));
  return [{ kind: `function -> ${use.what}`, from: from.id, to: target.id, refused }];
};

const executionRole: Walker = ({ account, from, arn }) => trusted(account, from, arn, 'lambda.amazonaws.com');

const logGroup: Walker = ({ account, from, place, arn: value }) => {
  const target = account.byReference(value);
  if (target?.type !== 'AWS::Logs::LogGroup') throw notKnown(place, `to ${value}`);
  const streams = account.resolver.arnOf(target.id).replace(/:\*$/, ':log-stream:');
  const needed = on('logs:CreateLogStream', 'logs:PutLogEvents');
  const refused = asked(account, { party: roleOf(account, from), target }, needed, streams);
  return [{ kind: 'function -> log', from: from.id, to: target.id, refused }];
};

/** Lambda reads a stream or a queue in the name of the function. */
const source: Walker = ({ account, from, place, arn }) => {
  const target = account.byArn(arn.replace(/\/stream\/[^/]+$/, ''));
  if (target === undefined) return [outside('source -> function', arn, from)];
  const feed = feeds[target.type];
  if (feed === undefined) throw notKnown(place, `from ${target.type}`);
  const one = functionOf(account, from);
  const refused = asked(account, { party: roleOf(account, one), target }, feed.needed, arn);
  return [{ kind: `${feed.what} -> function`, from: target.id, to: one.id, refused }];
};

const outside = (kind: string, from: string, to: Found): Arrow => ({ kind, from, to: to.id, refused: [], outside: true });

/** What failed, or succeeded, is handed on in the name of the function. */
const destination: Walker = (at) => hands(at, 'destination', roleOf(at.account, functionOf(at.account, at.from)));

const deadLetters: Walker = (at) =>
  hands(at, 'dead letters of a function', roleOf(at.account, at.from), ['AWS::SQS::Queue', 'AWS::SNS::Topic']);

export const walkersOfFunctions = { environment, executionRole, logGroup, source, destination, deadLetters };
