import type { Account, Found } from './account.ts';
import type { Context } from './conditions.ts';
import { answerOf, type Statement } from './policy.ts';
import { here } from './resolve.ts';
import { Unknown } from './unknown.ts';

/**
 * Who calls, and what AWS says of its requests: to the resource, and to the key that the resource
 * is under.
 */
export type Party =
  | { kind: 'service'; name: string; context: Context; keyContext: Context }
  | { kind: 'role'; role: Found; context?: Context }
  | { kind: 'anyone'; context: Context };

export type Call = { party: Party; action: string; target: Found; resource?: string; context?: Context };

/**
 * Why the party may not do it, in words, or undefined when it may: the resource's policy, the
 * role's, and the key's.
 */
export function refusal(account: Account, { party, action, target, resource, context = {} }: Call): string | undefined {
  const arn = resource ?? account.resolver.arnOf(target.id);
  const given = { ...secure, ...party.context, ...context };
  const byPolicy = account.policyOf(target);
  const said = decided(account, party, { statements: byPolicy, action, resource: arn, context: given });
  if (said !== undefined) return `${action} on ${target.id}: ${said}`;
  for (const needed of keyActions[action] ?? []) {
    const refused = keyRefusal(account, party, target, needed);
    if (refused !== undefined) return `${action} on ${target.id}: ${needed} on its key: ${refused}`;
  }
  return undefined;
}

const secure: Context = { 'aws:SecureTransport': 'true' };

/** What SNS and SQS do with the key of a topic or queue in the name of who calls them. */
const keyActions: Readonly<Record<string, readonly string[]>> = {
  'sns:Publish': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
};

type Question = { statements: Statement[]; action: string; resource: string; context: Context };

/**
 * A service and a stranger live by the policy of the resource; a role of the account by that or its
 * own.
 */
function decided(account: Account, party: Party, question: Question): string | undefined {
  const { statements } = question;
  switch (party.kind) {
    case 'service':
      return inWords(answerOf(statements, { ...question, caller: { kind: 'service', name: party.name } }), party.name);
    case 'anyone':
      return inWords(answerOf(statements, { ...question, caller: { kind: 'anyone' } }), 'anyone');
    case 'role': {
      const caller = roleOf(account, party.role);
      const answers = [statements, account.rightsOf(party.role)].map((one) => answerOf(one, { ...question, caller }));
      const answer = answers.includes('deny') ? 'deny' : answers.includes('allow') ? 'allow' : 'nothing';
      return inWords(answer, party.role.id);
    }
  }
}

/**
 * The policy of a key comes first: a role's own policy counts only where the key's leaves it to the
 * account.
 */
function keyRefusal(account: Account, party: Party, target: Found, action: string): string | undefined {
  const named = account.read(target, 'KmsMasterKeyId');
  if (named === undefined) return undefined;
  const key = account.byReference(String(named));
  if (key === undefined) {
    if (!String(named).startsWith('alias/aws/')) throw new Unknown(`the walk does not know the key ${named} of ${target.id}`);
    return party.kind === 'role' ? undefined : `the key ${named} of AWS lets no other service in`;
  }
  const question = { action, resource: account.resolver.arnOf(key.id), context: { ...secure, ...keyContextOf(party) } };
  const statements = account.policyOf(key);
  if (party.kind !== 'role') return decided(account, party, { ...question, statements });
  const caller = roleOf(account, party.role);
  const byKey = answerOf(statements, { ...question, caller });
  const byAccount = answerOf(statements, { ...question, caller: { kind: 'account', account: here.account } });
  const byRole = answerOf(account.rightsOf(party.role), { ...question, caller });
  if ([byKey, byRole].includes('deny')) return inWords('deny', party.role.id);
  return byKey === 'allow' || (byAccount === 'allow' && byRole === 'allow') ? undefined : inWords('nothing', party.role.id);
}

const keyContextOf = (party: Party): Context => (party.kind === 'service' ? party.keyContext : (party.context ?? {}));

const roleOf = (account: Account, role: Found) =>
  ({ kind: 'role', arn: account.resolver.arnOf(role.id), account: here.account }) as const;

function inWords(answer: 'allow' | 'deny' | 'nothing', who: string): string | undefined {
  switch (answer) {
    case 'allow':
      return undefined;
    case 'deny':
      return `a statement denies it to ${who}`;
    case 'nothing':
      return `no statement allows it to ${who}`;
  }
}

/** Whether a service may act as a role at all. */
export function trustRefusal(account: Account, role: Found, service: string): string | undefined {
  const caller = { kind: 'service', name: service } as const;
  const answer = answerOf(account.trustOf(role), { caller, action: 'sts:AssumeRole', resource: '*', context: {} });
  return answer === 'allow' ? undefined : `sts:AssumeRole of ${role.id}: ${inWords(answer, service)}`;
}
