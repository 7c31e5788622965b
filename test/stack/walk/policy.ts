import { type Conditions, type Context, conditionsHold, listOf, matches } from './conditions.ts';
import { Unknown } from './unknown.ts';

/** A statement of a policy whose references are resolved. */
export type Statement = Readonly<Record<string, unknown>>;

/** Who asks. `account` is the account itself, to which a policy may leave the decision. */
export type Caller =
  | { kind: 'service'; name: string }
  | { kind: 'role'; arn: string; account: string }
  | { kind: 'account'; account: string }
  | { kind: 'anyone' };

export type Request = { caller: Caller; action: string; resource: string; context: Context };

const known = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition']);

/**
 * What the statements of one document say: a Deny stands over every Allow, and where neither speaks
 * of the request, the document says nothing. Statements without a principal are those of a role,
 * and speak of that role.
 */
export function answerOf(statements: readonly Statement[], request: Request): 'allow' | 'deny' | 'nothing' {
  const effects = statements.filter((statement) => speaksOf(statement, request)).map(({ Effect }) => Effect);
  return effects.includes('Deny') ? 'deny' : effects.includes('Allow') ? 'allow' : 'nothing';
}

function speaksOf(statement: Statement, { caller, action, resource, context }: Request): boolean {
  const strange = Object.keys(statement).filter((key) => !known.has(key));
  if (strange.length > 0) throw new Unknown(`the walk does not know ${strange.join(', ')} in a policy statement`);
  const { Effect, Action, Resource, Principal, Condition = {} } = statement;
  return (
    listOf(Action).some((pattern) => matches(action.toLowerCase(), pattern.toLowerCase())) &&
    // The trust policy of a role names no resource: it is about that role.
    (Resource === undefined || listOf(Resource).some((pattern) => matches(resource, pattern))) &&
    (Principal === undefined || isMeant(Principal, caller, Effect === 'Deny')) &&
    conditionsHold(Condition as Conditions, context)
  );
}

/**
 * A Deny for an account holds for all that is in it; an Allow for it only leaves the decision to
 * the roles' own policies.
 */
function isMeant(principal: unknown, caller: Caller, denies: boolean): boolean {
  if (principal === '*') return true;
  const kinds = principal as Record<string, unknown>;
  const strange = Object.keys(kinds).filter((kind) => kind !== 'AWS' && kind !== 'Service');
  if (strange.length > 0) throw new Unknown(`the walk does not know principals of the kind ${strange.join(', ')}`);
  const named = (kind: string): string[] => (kinds[kind] === undefined ? [] : listOf(kinds[kind]));
  const accounts = named('AWS').map((arn) => /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(arn)?.[1]);
  if (named('AWS').includes('*')) return true;
  switch (caller.kind) {
    case 'service':
      return named('Service').includes(caller.name);
    case 'role':
      return named('AWS').includes(caller.arn) || (denies && accounts.includes(caller.account));
    case 'account':
      return accounts.includes(caller.account);
    case 'anyone':
      return false;
  }
}
