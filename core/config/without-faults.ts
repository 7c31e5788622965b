import type * as z from 'zod';
import type { Path } from '../vocabulary/report.ts';
import { isMapping } from './merge.ts';

/** Sections whose entries stand alone: one with a fault leaves the others as they are. */
const byName = [
  'sources',
  'rules',
  'responders',
  'schedules',
  'teams',
  'channels',
  'policies',
  'registries',
  'intakes',
  'dependencies',
  'muteTimings',
  'deployments',
  'rollbacks',
];

/** Removed with its faults, and how to tell what is not known without it. */
export type Remainder = {
  value: Record<string, unknown>;
  /** Whether an error at a path may be there only because of what was removed. */
  isUncertain(path: Path): boolean;
};

/**
 * The part of a config that is valid in shape, so that its references can be checked although
 * others are not. Entries with a fault are removed by name, other sections as a whole.
 */
export function withoutFaults(value: Record<string, unknown>, issues: readonly z.core.$ZodIssue[]): Remainder {
  const copy = structuredClone(value);
  const names = new Set<string>();
  const sections = new Set<string>();
  for (const { path } of issues) {
    const [section = '', name] = path.map(String);
    const entries = copy[section];
    sections.add(section);
    if (!byName.includes(section) || !isMapping(entries) || name === undefined || !Object.hasOwn(entries, name))
      Reflect.deleteProperty(copy, section);
    else {
      names.add(name);
      Reflect.deleteProperty(entries, name);
    }
  }
  // Without a matrix there is no config. Whatever it would name is not known.
  const [policy] = Object.keys(isMapping(copy['policies']) ? copy['policies'] : {});
  if (sections.has('matrix') && policy !== undefined) copy['matrix'] = { default: { warn: { policy }, critical: { policy } } };
  return { value: copy, isUncertain: (path) => isUncertain(path, value, { names, sections }) };
}

type Removed = { names: ReadonlySet<string>; sections: ReadonlySet<string> };

/** Contacts need settings. */
const needsSettings = ['settings', 'responders', 'channels'];
/** What is said of alerts may be about those of a rule or source that was removed. */
const saysOfAlerts = ['match', 'dependencies', 'inhibitions', 'ignore'];

function isUncertain(path: Path, value: unknown, { names, sections }: Removed): boolean {
  const section = String(path[0] ?? '');
  if (!byName.includes(section) && sections.has(section)) return true;
  if (sections.has('settings') && needsSettings.includes(section)) return true;
  if ((sections.has('rules') || sections.has('sources')) && path.some((step) => saysOfAlerts.includes(String(step)))) return true;
  const at = path.reduce<unknown>(
    (part, step) => (typeof part === 'object' && part !== null ? Reflect.get(part, step) : undefined),
    value,
  );
  if (typeof at === 'string') return names.has(at);
  const text = JSON.stringify(at) ?? '';
  return [...names].some((name) => text.includes(JSON.stringify(name)));
}
