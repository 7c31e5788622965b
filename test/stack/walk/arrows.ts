import type { Account, Found } from './account.ts';
import type { Place } from './places.ts';
import { type Party, refusal, trustRefusal } from './refusal.ts';
import { Unknown } from './unknown.ts';

/**
 * One resource that calls another, and why it may not, where it may not. `outside` is of another
 * template or account.
 */
export type Arrow = { kind: string; from: string; to: string; refused: string[]; outside?: true };

/**
 * What is at a place: the resource that names, what it names, and the account to look things up in.
 */
export type At = { account: Account; from: Found; place: Place; arn: string };
export type Walker = (at: At) => Arrow[];

/** What is handed over when one service calls another. */
const handing: Readonly<Record<string, { action: string; what: string }>> = {
  'AWS::Lambda::Function': { action: 'lambda:InvokeFunction', what: 'function' },
  'AWS::SNS::Topic': { action: 'sns:Publish', what: 'topic' },
  'AWS::SQS::Queue': { action: 'sqs:SendMessage', what: 'queue' },
};

/** The party hands something to what is named: it may invoke, publish or send, whichever it is. */
export function hands({ account, from, place, arn }: At, what: string, party: Party, targets = Object.keys(handing)): Arrow[] {
  const target = account.byArn(arn);
  if (target === undefined) return [{ kind: what, from: from.id, to: arn, refused: [], outside: true }];
  const handed = handing[target.type];
  if (handed === undefined || !targets.includes(target.type)) throw notKnown(place, `to ${target.type}`);
  const reason = refusal(account, { party, action: handed.action, target });
  return [{ kind: `${what} -> ${handed.what}`, from: from.id, to: target.id, refused: reason === undefined ? [] : [reason] }];
}

export const notKnown = ({ type, path }: Place, more: string): Unknown =>
  new Unknown(`the walk does not know ${type} ${path} ${more}`);

/** Whether the service may act as the role that it is given. */
export function trusted(account: Account, from: Found, arn: string, name: string): Arrow[] {
  const role = roleBy(account, arn);
  const reason = trustRefusal(account, role, name);
  return [{ kind: 'service -> role', from: from.id, to: role.id, refused: reason === undefined ? [] : [reason] }];
}

export const asRole = (account: Account, arn: string): Party => ({ kind: 'role', role: roleBy(account, arn) });

function roleBy(account: Account, arn: string): Found {
  const role = account.byArn(arn);
  if (role?.type !== 'AWS::IAM::Role') throw new Unknown(`the walk does not know the role ${arn}`);
  return role;
}
