import { contactKey } from '../../../core/response/contacts/contact.ts';
import { targetText } from '../../../core/response/escalation/page-target.ts';
import type { PageEffect } from '../../../core/response/outbox/effect.ts';
import { minute, timeOf } from '../harness.ts';
import { isCall, type Truth } from './truth.ts';

type Broken = string[];
const versionOf = (effectId: string): number => Number(effectId.split('#')[1]);

/**
 * 7a. "Nobody at tier n could be reached" is true: every method of everyone in it failed for good
 * in that step, and none was delivered.
 */
export function unreachedAreUnreached(truth: Truth): Broken {
  const broken: Broken = [];
  for (const id of truth.ids) {
    for (const { at, kind, text, version } of truth.entriesOf(id)) {
      if (kind !== 'escalated' || !text.includes('could be reached')) continue;
      const calls = truth.pages.filter((page) => page.incidentId === id && isCall(page) && versionOf(page.id) < version);
      const step = Math.max(...calls.map((page) => page.step));
      const ofStep = calls.filter((page) => page.step === step);
      for (const [target, pages] of Map.groupBy(ofStep, (page) => targetText(page.target))) {
        const rang = pages.find((page) => truth.delivered.some((one) => one.page.id === page.id && one.at <= at));
        if (rang !== undefined) broken.push(`${id} at ${timeOf(at)}: ${text}; but ${target} was told`);
        for (const [index, contact] of (pages[0]?.contacts ?? []).entries()) {
          const asked = pages.filter((page) => page.contactIndex === index).map(({ createdAt }) => createdAt);
          if (!hasFailed(truth, contactKey(contact), Math.min(...asked), at))
            broken.push(`${id} at ${timeOf(at)}: ${text}; but ${contactKey(contact)} of ${target} had not failed for good`);
        }
      }
    }
  }
  return broken;
}

/**
 * Refused for good, or tried for an hour, which whoever asks to be left alone for longer has ended.
 * One page tries for all that wait for a phone that hangs.
 */
function hasFailed(truth: Truth, contact: string, from: number, to: number): boolean {
  const last = truth.tries.findLast((one) => one.contact === contact && one.at >= from && one.at <= to);
  if (last === undefined) return false;
  const { manner } = last;
  const waits = Math.max(typeof manner === 'object' ? Math.min(manner.busyForMs, 60 * minute) : 0, 2 * minute);
  return manner === 'dead' || last.at + waits - from > 60 * minute;
}

/** 7b. Every page that was decided has an outcome on the timeline, once. */
export function pagesHaveOutcomes(truth: Truth): Broken {
  const ended = new Set([...truth.delivered, ...truth.failed, ...truth.held].map(({ page }) => page.id));
  return truth.pages.flatMap((page) =>
    ended.has(page.id)
      ? []
      : [`${page.reason} for ${targetText(page.target)}, decided at ${timeOf(page.createdAt)}, has no outcome`],
  );
}

/** 7c. What is said to be delivered has rung: as a page of its own, or held in another. */
export function deliveredHasRung(truth: Truth): Broken {
  const broken: Broken = [];
  const told = Map.groupBy(truth.delivered, ({ at, page }) => `${at} ${keyOf(page)}`);
  const rung = Map.groupBy(truth.rung, ({ at, contact }) => `${at} ${contact}`);
  for (const [key, all] of told) {
    const rang = (rung.get(key) ?? []).reduce((sum, { page }) => sum + 1 + page.held.length, 0);
    if (rang < all.length) broken.push(`${key}: ${all.length} pages are said to be delivered, and ${rang} rang`);
  }
  for (const [key, all] of rung) if (!told.has(key)) broken.push(`${key} rang ${all[0]?.page.reason}, and no timeline says so`);
  return broken;
}

/** 12. Only people of the policy are called, and of a schedule whoever is on call. */
export function onlyThePolicyIsCalled(truth: Truth): Broken {
  const broken: Broken = [];
  for (const page of truth.pages) {
    if (!isCall(page)) continue;
    const policy = truth.policyOf(
      truth.incidentAt(page.incidentId, page.createdAt) ?? ({ policies: {}, policyKey: '' } as never),
    );
    const targets = [...(policy?.tiers.flatMap((tier) => tier.targets) ?? []), ...(policy?.fallback ? [policy.fallback] : [])];
    const called = targetText(page.target);
    const meant = targets.some((target) => {
      if (target.responder !== undefined) return called === `responder/${target.responder}`;
      if (target.channel !== undefined) return called === `channel/${target.channel}`;
      const name = target.schedule ?? '';
      // An override may have been made in the same moment.
      const [now, before] = [truth.onCall(name, page.createdAt), truth.onCall(name, page.createdAt - 1)];
      return called === `schedule/${name} (${now})` || called === `schedule/${name} (${before})`;
    });
    // The next contact method of a page that was decided earlier is for whoever was on call then.
    if (!meant && page.contactIndex === 0) broken.push(`${called} is called at ${timeOf(page.createdAt)}, and is not in charge`);
  }
  return broken;
}

/** 13. Versions and places of timeline entries are unique, and time does not run backwards. */
export function timelinesAreInOrder(truth: Truth): Broken {
  return truth.ids.flatMap((id) => {
    const entries = truth.entriesOf(id);
    const places = new Set(entries.map(({ version, n }) => `${version}#${n}`));
    const back = entries.some(({ at }, i) => at < (entries[i - 1]?.at ?? 0));
    return [
      ...(places.size < entries.length ? [`${id} has two entries in one place`] : []),
      ...(back ? [`the timeline of ${id} runs backwards`] : []),
    ];
  });
}

function keyOf({ contacts, contactIndex }: PageEffect): string {
  const contact = contacts[contactIndex];
  return contact === undefined ? 'nobody' : contactKey(contact);
}
