import { describe, expect, it } from 'vitest';
import { isAccepted } from '../../scripts/licences/accepted.ts';
import { carriedFaults } from '../../scripts/licences/carried.ts';
import { lockfileFaults } from '../../scripts/licences/lockfile.ts';
import { faultOf } from '../../scripts/licences/python.ts';
import { folderOf } from '../cli/run.ts';

describe('a licence is accepted', () => {
  it.each([
    ['MIT', true],
    ['MIT OR GPL-3.0-or-later', true],
    ['(GPL-3.0-only OR (MIT AND ISC))', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only OR MIT AND BUSL-1.1', false],
    ['Apache-2.0 WITH LLVM-exception', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    ['UNLICENSED', false],
    ['(MIT', false],
    ['MIT)', false],
    ['', false],
  ])('%s: %s', (expression, expected) => {
    expect(isAccepted(expression, 'shipped')).toBe(expected);
  });

  it('for what tests use unchanged, but not for what is shipped, when it asks for more than its notice', () => {
    expect(isAccepted('MPL-2.0', 'development')).toBe(true);
    expect(isAccepted('MPL-2.0', 'shipped')).toBe(false);
    expect(isAccepted('MPL-2.0', 'shipped', 'another')).toBe(false);
    // Looked at, and shipped unchanged.
    expect(isAccepted('MPL-2.0', 'shipped', '@resvg/resvg-wasm')).toBe(true);
    expect(isAccepted('GPL-3.0-only', 'shipped', '@resvg/resvg-wasm')).toBe(false);
  });
});

it('a lockfile is read to its last package, by what each declares and where it is used', () => {
  const packages = {
    '': { license: 'Nobody-Asks' },
    'node_modules/fine': { version: '1.0.0', license: 'MIT' },
    'node_modules/one/node_modules/@deep/two': { version: '2.0.0', license: 'BUSL-1.1' },
    'node_modules/tool': { version: '3.0.0', license: 'MPL-2.0', dev: true },
    'node_modules/shipped': { version: '4.0.0', license: 'MPL-2.0' },
    'node_modules/silent': { version: '5.0.0' },
  };
  const { packages: count, faults } = lockfileFaults(JSON.stringify({ packages }));
  expect(count).toBe(5);
  expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['@deep/two', 'shipped', 'silent']);
});

it('a program in a package, and terms that are not open source, are found whatever the package declares', () => {
  const folder = folderOf({
    'simulator/package.json': '{ "license": "Apache-2.0" }',
    'simulator/emulator/Database.jar': '',
    'simulator/emulator/LICENSE.txt': 'Amazon\n  Software License: use with our services only',
    'fine/LICENSE': 'MIT License',
    'fine/lib/licence.js': '// knows the Elastic License by name',
  });
  expect(
    carriedFaults(folder)
      .map((fault) => fault.split(' ')[0])
      .toSorted(),
  ).toEqual(['simulator/emulator/Database.jar', 'simulator/emulator/LICENSE.txt']);
});

it('a Python package is taken by its expression, then its classifiers, then its own words', () => {
  const some = { name: 'one', version: '1', expression: null, text: '', classifiers: [] };
  expect(faultOf({ ...some, expression: 'MIT', classifiers: ['Other/Proprietary License'] })).toEqual([]);
  expect(faultOf({ ...some, classifiers: ['BSD License'] })).toEqual([]);
  expect(faultOf({ ...some, text: 'Apache-2.0' })).toEqual([]);
  expect(faultOf({ ...some, classifiers: ['Other/Proprietary License'], text: 'MIT' })).toHaveLength(1);
  expect(faultOf(some)).toHaveLength(1);
});
