import { spawnSync } from 'node:child_process';
import { isAccepted } from './accepted.ts';

export type Distribution = { name: string; version: string; expression: string | null; text: string; classifiers: string[] };

const list = `
import importlib.metadata, json
print(json.dumps([
    {
        "name": each.metadata["Name"],
        "version": each.metadata["Version"],
        "expression": each.metadata["License-Expression"],
        "text": each.metadata["License"] or "",
        "classifiers": [name.rsplit(" :: ", 1)[-1] for name in each.metadata.get_all("Classifier") or [] if name.startswith("License")],
    }
    for each in importlib.metadata.distributions()
]))`;

/** Older packages name their licence in words of their own. */
const spdx: Readonly<Record<string, string>> = {
  'MIT License': 'MIT',
  'BSD License': 'BSD-3-Clause',
  'Apache Software License': 'Apache-2.0',
  'Python Software Foundation License': 'PSF-2.0',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  '3-Clause BSD License': 'BSD-3-Clause',
  'ISC License (ISCL)': 'ISC',
  'Artistic License': 'Artistic-1.0-Perl',
};

/**
 * Packages that name no licence in what pip reads, and that of their repository or of the file that
 * they bring.
 */
const inRepository: Readonly<Record<string, string>> = {
  'openlineage-dbt': 'Apache-2.0',
  openlineage_sql: 'Apache-2.0',
  pagerduty: 'MIT',
  huey: 'MIT',
  skops: 'MIT',
};

/**
 * What an environment holds under no accepted licence, a line each. Python is for the tests only.
 * Throws if it does not run.
 */
export function pythonFaults(python: string): { packages: number; faults: string[] } {
  const { status, stdout, stderr } = spawnSync(python, ['-c', list], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} could not list what it has installed: ${stderr}`);
  const distributions = JSON.parse(stdout) as Distribution[];
  return { packages: distributions.length, faults: distributions.flatMap(faultOf) };
}

export function faultOf({ name, version, expression, text, classifiers }: Distribution): string[] {
  const declared =
    expression === null ? classifiers.filter((one) => one !== 'OSI Approved').map((one) => spdx[one] ?? one) : [expression];
  // Some give the whole text, whose first line is its name.
  const heading = text.trim().split('\n')[0]?.trim() ?? '';
  const named = inRepository[name] ?? spdx[heading] ?? text;
  const candidates = declared.length === 0 ? [named] : declared;
  const isFine = candidates.some((one) => isAccepted(one, 'development'));
  return isFine ? [] : [`${name} ${version} is under ${candidates.join(' or ').slice(0, 100) || 'no licence that it names'}`];
}
