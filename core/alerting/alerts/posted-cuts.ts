import { digest, type Sha256 } from '../../vocabulary/fingerprint.ts';
import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';

/**
 * The most that is kept of a posted alert, in characters; `labels`: names and values of all labels
 * together. Alertmanager has no such limits, so whatever is longer is cut and never refused. A
 * stored alert is limited to 400 kB, and an incident shows fifty alerts.
 */
export const mostKept = { labels: 72_000, labelName: 128, labelValue: 1024, text: 500, link: 1000, cuts: 8 };

/** Holds what identifies an alert with more labels than are kept. */
export const leftOutLabel = 'tocsin_cut';

/** No label has an empty name, so what is named so is the identity of no other alert. */
const noLabel = '';

/** Something of a posted alert that is kept shorter than it was sent, or not at all. */
export type PostedCut =
  | { of: 'label value' | 'label name' | 'annotation' | 'link'; name: string; chars: number; kept: number }
  | { of: 'labels' | 'others'; count: number };

/** For people and senders: `label path: 5000 characters, 1024 kept`. */
export function cutText(cut: PostedCut): string {
  switch (cut.of) {
    case 'labels':
      return `${cut.count} labels left out, see the label ${leftOutLabel}`;
    case 'others':
      return `and ${cut.count} more`;
    case 'label value':
      return `label ${cut.name}: ${keptText(cut)}`;
    case 'label name':
      return `the name of label ${cut.name}: ${keptText(cut)}`;
    case 'annotation':
      return `annotation ${cut.name}: ${keptText(cut)}`;
    case 'link':
      return `${cut.name}: ${keptText(cut)}`;
  }
}

/** `cut by Tocsin: label path: 5000 characters, 1024 kept; ...` */
export const cutsText = (cuts: readonly PostedCut[]): string => `cut by Tocsin: ${cuts.map(cutText).join('; ')}`;

const keptText = ({ chars, kept }: { chars: number; kept: number }): string =>
  `${chars} characters, ${kept === 0 ? 'left out' : `${kept} kept`}`;

/** As an incident keeps them: the first ones, then how many others. */
export function firstCuts(cuts: readonly PostedCut[]): PostedCut[] {
  if (cuts.length <= mostKept.cuts) return [...cuts];
  const first = cuts.slice(0, mostKept.cuts - 1);
  return [...first, { of: 'others', count: cuts.length - first.length }];
}

/** `identity`: what tells the alert from others, whichever of its labels are kept. */
export type KeptLabels = { labels: Labels; identity: Labels };

/**
 * Labels as they are stored. They identify the alert, so whatever is cut leaves the digest of the
 * whole: two alerts that differ only in what is cut stay two. `needed`: names that are kept first.
 * They may be others at the next post, such as those that a new silence names, and the alert stays
 * the same one.
 */
export function keptLabels(
  sent: Labels,
  needed: () => readonly string[],
  cuts: PostedCut[],
  hash?: Sha256 | undefined,
): KeptLabels {
  if (fits(sent)) return { labels: sent, identity: sent };
  const short: [string, string][] = Object.entries(sent).map(([name, value]) => {
    const keptName = withDigest(name, mostKept.labelName, hash);
    if (keptName !== name) cuts.push({ of: 'label name', name: keptName, chars: name.length, kept: mostKept.labelName });
    const keptValue = withDigest(value, mostKept.labelValue, hash);
    if (keptValue !== value) cuts.push({ of: 'label value', name: keptName, chars: value.length, kept: mostKept.labelValue });
    return [keptName, keptValue];
  });
  const all = Object.fromEntries(short);
  if (lengthOf(all) <= mostKept.labels) return { labels: all, identity: all };
  const first = new Set(needed());
  // In an order that does not depend on the sender's.
  const ordered = short
    .filter(([name]) => name !== leftOutLabel)
    .sort(([a], [b]) => Number(first.has(b)) - Number(first.has(a)) || (a < b ? -1 : 1));
  const kept: Labels = {};
  let room = mostKept.labels - mostKept.labelName;
  for (const [name, value] of ordered) {
    if (name.length + value.length > room) continue;
    kept[name] = value;
    room -= name.length + value.length;
  }
  const count = short.length - Object.keys(kept).length;
  cuts.push({ of: 'labels', count });
  const whole = digest(labelsKey(all), 16, hash);
  return { labels: { ...kept, [leftOutLabel]: `${count} labels…#${whole}` }, identity: { [noLabel]: whole } };
}

/** Whether some labels of an alert are not kept, so that others may be kept at its next post. */
export const hasLeftOut = (labels: Labels): boolean => Object.hasOwn(labels, leftOutLabel);

/** Whether all labels are kept as they are. */
export function fits(labels: Labels): boolean {
  let length = 0;
  for (const name in labels) {
    const value = labels[name] as string;
    if (name.length > mostKept.labelName || value.length > mostKept.labelValue) return false;
    length += name.length + value.length;
  }
  return length <= mostKept.labels;
}

const lengthOf = (labels: Labels): number => {
  let length = 0;
  for (const name in labels) length += name.length + (labels[name] as string).length;
  return length;
};

/** A longer text is cut, and ends in the digest of the whole. */
export function withDigest(text: string, most: number, hash?: Sha256): string {
  if (text.length <= most) return text;
  const end = `…#${digest(text, 16, hash)}`;
  return `${text.slice(0, most - end.length).toWellFormed()}${end}`;
}

/** An annotation's text, as long as people are shown it. */
export function keptNote(text: string, name: string, cuts: PostedCut[]): string {
  if (text.length > mostKept.text) cuts.push({ of: 'annotation', name, chars: text.length, kept: mostKept.text });
  return shortText(text);
}

/** A text of ours that holds one that was sent, as long as people are shown it. */
export const shortText = (text: string): string =>
  text.length <= mostKept.text ? text : `${text.slice(0, mostKept.text - 1)}…`.toWellFormed();
