import type { Account, Found } from './account.ts';
import type { Arrow } from './arrows.ts';
import { listOf } from './conditions.ts';
import { refusal } from './refusal.ts';
import { Unknown } from './unknown.ts';

/**
 * Services whose resources are never in the template: metrics, spans and secrets, which people
 * store.
 */
const elsewhere = new Set(['cloudwatch', 'secretsmanager', 'xray']);
/** Services whose arrows the walk follows. */
const walked = new Set(['dynamodb', 'kms', 'lambda', 'logs', 'sns', 'sqs']);
/** What a role that may do it still may not do without the key of the resource. */
const underKeys = new Set(['sns:Publish', 'sqs:ReceiveMessage', 'sqs:SendMessage']);

/**
 * What a role is let do, by its own policies: whatever it may do to a topic or queue of the
 * template, it has to be able to do with the key of that, too; where the far end is not in the
 * template, that end has to let it.
 */
export function grantsOf(account: Account, role: Found): Arrow[] {
  return account
    .rightsOf(role)
    .flatMap(({ Effect, Action, Resource }) =>
      Effect !== 'Allow'
        ? []
        : listOf(Action).flatMap((action) => listOf(Resource).flatMap((arn) => grant(account, role, action, arn))),
    );
}

function grant(account: Account, role: Found, action: string, arn: string): Arrow[] {
  const [service = ''] = action.split(':');
  if (!elsewhere.has(service) && !walked.has(service))
    throw new Unknown(`the walk does not know what ${role.id} does with ${action}: say in test/stack/walk`);
  const target = account.byArn(arn);
  if (target === undefined)
    return !elsewhere.has(service) && isPart(account, arn)
      ? []
      : [{ kind: action, from: role.id, to: arn, refused: [], outside: true }];
  if (!underKeys.has(action)) return [];
  const reason = refusal(account, { party: { kind: 'role', role }, action, target });
  return [{ kind: action, from: role.id, to: target.id, refused: reason === undefined ? [] : [reason] }];
}

/**
 * Part of something in the template (a stream, an index), or a listing that knows no narrower
 * resource.
 */
const isPart = (account: Account, arn: string): boolean =>
  arn === '*' || account.byArn(arn.replace(/\/(?:stream|index)\/[^/]+$/, '')) !== undefined;
