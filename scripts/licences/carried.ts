import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** Files that say under what terms something may be used. */
const terms = /^(licen[cs]e|copying|eula|terms|third.?party)[^/]*$/i;

/**
 * A program that a package carries may be under other terms than the package says. None of ours is
 * in Java.
 */
const foreignPrograms = /\.(jar|war|class|exe|dll|msi|dmg)$/i;

/** Terms that show source, or let it be used for some purposes, and are not open source. */
const notOpen = [
  'Amazon Software License',
  'DynamoDB Local License',
  'Business Source License',
  'Server Side Public License',
  'Elastic License',
  'Commons Clause',
  'Confluent Community License',
  'Functional Source License',
  'Sustainable Use License',
  'PolyForm',
];

/**
 * What installed packages carry beside what they declare, a line each: the licence of a package is
 * not the licence of a program that lies in it.
 */
export function carriedFaults(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return files.flatMap((file) => {
    const shown = relative(folder, file);
    if (shown.startsWith('.')) return [];
    if (foreignPrograms.test(file)) return [`${shown} is a program of its own, whose licence nobody has looked at`];
    if (!terms.test(basename(file)) || /\.(js|ts|mjs|cjs|map|py)$/.test(file)) return [];
    const text = readFileSync(file, 'utf8').replace(/\s+/g, ' ').toLowerCase();
    return notOpen.filter((name) => text.includes(name.toLowerCase())).map((name) => `${shown} speaks of the ${name}`);
  });
}
