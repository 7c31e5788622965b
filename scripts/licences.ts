/**
 * Whether every dependency is under an open-source licence: every npm package of the lockfile, for
 * any platform, with what those that are installed here carry; and with `--python`, what the tests
 * install with pip. Ends with 1 and a line for each fault.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { virtualEnvironment } from '../test/cloud/python.ts';
import { carriedFaults } from './licences/carried.ts';
import { lockfileFaults } from './licences/lockfile.ts';
import { pythonFaults } from './licences/python.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { python: { type: 'boolean' } } });

const { faults, packages } = lockfileFaults(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const found = [...faults, ...carriedFaults(join(root, 'node_modules'))];
const said = [`${packages} npm packages`];
if (values.python) {
  // One environment a list of requirements: those of the cloud tests, and those of the real
  // senders.
  const senders = join(root, 'test/senders');
  const lists = readdirSync(senders).filter((name) => name.endsWith('.txt'));
  for (const list of ['cloud', ...lists]) {
    const name = basename(list, '.txt');
    const python = await (list === 'cloud' ? virtualEnvironment() : virtualEnvironment(name, join(senders, list)));
    if (python.ok) {
      const { faults: more, packages: distributions } = pythonFaults(python.python);
      found.push(...more.map((fault) => `${name}: ${fault}`));
      said.push(`${distributions} Python packages of ${name}`);
    } else said.push(`no Python packages of ${name}, for ${python.missing} is missing`);
  }
}
for (const fault of found) process.stdout.write(`${fault}\n`);
process.stdout.write(
  `${said.join(' and ')} looked at: ${found.length === 0 ? 'all' : 'not all'} are under open-source licences\n`,
);
process.exitCode = found.length === 0 ? 0 : 1;
