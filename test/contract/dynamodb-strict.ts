import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

type Request = Record<string, unknown>;

/**
 * Where an attribute may be named as it is; in conditions and updates the stand-in looks for
 * itself.
 */
const unguarded = ['KeyConditionExpression', 'FilterExpression', 'ProjectionExpression'] as const;
const operators = new Set([
  'AND',
  'OR',
  'NOT',
  'BETWEEN',
  'IN',
  'begins_with',
  'contains',
  'size',
  'attribute_exists',
  'attribute_not_exists',
]);

/**
 * Refuses what DynamoDB refuses and the stand-in takes: a reserved word as the name of an attribute
 * in a query, and an update that names one attribute twice. Whether a word is reserved is asked of
 * the stand-in, in a condition, where it knows.
 */
export function asStrictAsDynamodb(client: DynamoDBClient): void {
  const allowed = new Set<string>();

  async function ask(name: string, request: Request): Promise<void> {
    if (allowed.has(name)) return;
    // It can never hold, so nothing is written.
    const ConditionExpression = `attribute_exists(pk) AND attribute_not_exists(pk) AND attribute_not_exists(${name})`;
    const Key = { pk: { S: 'nowhere' }, sk: { S: 'nowhere' } };
    const TableName = request['TableName'] as string;
    try {
      await client.send(new UpdateItemCommand({ TableName, Key, ConditionExpression }));
    } catch (error) {
      if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    }
    allowed.add(name);
  }

  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.input as Request;
      for (const where of unguarded) for (const name of namesIn(request[where])) await ask(name, request);
      for (const update of updatesOf(request)) refuseOverlap(update);
      return next(args);
    },
    { step: 'initialize', name: 'as strict as DynamoDB' },
  );
}

/** Attributes that an expression names as they are, without `#`. */
export function namesIn(expression: unknown): string[] {
  if (typeof expression !== 'string') return [];
  return [...expression.matchAll(/(?<![#:\w])[A-Za-z_]\w*/g)].map(([name]) => name).filter((name) => !operators.has(name));
}

function updatesOf(request: Request): string[] {
  const items = (request['TransactItems'] as { Update?: Request }[] | undefined) ?? [];
  return [request, ...items.map(({ Update }) => Update ?? {})]
    .map((one) => one['UpdateExpression'])
    .filter((expression) => typeof expression === 'string');
}

/**
 * Throws when an update sets, adds or removes one attribute twice. Attributes here have no paths,
 * only names.
 */
export function refuseOverlap(expression: string): void {
  const clauses = expression.split(/\b(?=(?:SET|ADD|REMOVE|DELETE)\s)/);
  const changed = clauses.flatMap((clause) => {
    const [, verb = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(clause.trim()) ?? [];
    const parts = outsideBrackets(rest);
    return verb === 'SET'
      ? parts.map((part) => part.split('=')[0] as string)
      : parts.map((part) => part.trim().split(/\s/)[0] as string);
  });
  const names = changed.map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`DynamoDB refuses an update that names ${twice} twice: ${expression}`);
}

/** Parts between commas, but for those in brackets. */
function outsideBrackets(text: string): string[] {
  let depth = 0;
  const parts = [''];
  for (const letter of text) {
    depth += Number(letter === '(') - Number(letter === ')');
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
