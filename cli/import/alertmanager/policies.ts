import type { ConfigInput } from '../../../core/config/schema.ts';
import { parseDuration } from '../../../core/vocabulary/units.ts';
import type { Notes } from '../note.ts';
import type { Receivers } from './receivers.ts';
import type { Receiver } from './route-tree.ts';

type Policies = NonNullable<ConfigInput['policies']>;

/** The most that a policy repeats a tier. An Alertmanager repeats for as long as an alert fires. */
const mostRepeats = 20;
/** How often an Alertmanager repeats by itself. */
export const usualRepeat = '4h';

/**
 * A policy a receiver: all its channels at once, and again after each `repeat_interval` until
 * somebody acknowledges. Of several intervals the shortest counts.
 */
export function policiesOf(receivers: readonly Receiver[], repeats: ReadonlyMap<string, ReadonlySet<string>>): Policies {
  const policies: Policies = {};
  for (const { name, policy, targets } of receivers) {
    if (policy === undefined) continue;
    const [shortest] = [...(repeats.get(name) ?? [])].toSorted((a, b) => (parseDuration(a) ?? 0) - (parseDuration(b) ?? 0));
    policies[policy] = { tiers: [{ targets: [...targets], ackWithin: shortest ?? usualRepeat }], repeat: mostRepeats };
  }
  return policies;
}

/** Who is paged about alerts that no route takes. */
export type Everybody = { policy: string; channels: Receivers['channels']; receivers: Receiver[] };

/**
 * The matrix needs a policy. Where the top route goes to nobody, alerts of the file still do, and
 * alerts of rules and of Tocsin itself go to the first receiver that there is.
 */
export function everybodyOf(root: Receiver, { byName }: Receivers, line: number, notes: Notes): Everybody {
  if (root.policy !== undefined) return { policy: root.policy, channels: {}, receivers: [] };
  const other = [...byName.values()].find(({ policy }) => policy !== undefined);
  const text = `the top route goes to nobody; so do alerts here that no other route takes, but what rules and Tocsin itself find goes to ${other?.name ?? 'the terminal'}`;
  notes.push({ line, kind: 'differs', text });
  if (other?.policy !== undefined) return { policy: other.policy, channels: {}, receivers: [] };
  const printed: Receiver = { name: 'printed', policy: 'printed', targets: [{ channel: 'printed' }] };
  return { policy: 'printed', channels: { printed: { terminal: true } }, receivers: [printed] };
}
