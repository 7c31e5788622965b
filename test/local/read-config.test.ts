import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../../local/read-config.ts';
import { StartError } from '../../local/start-error.ts';
import { config, project } from '../cli/run.ts';

const files = { 'bad/x.md': 'no front matter', 'odd/a.yaml/x': '', 'empty/notes.txt': '', 'one.yaml': config };

it.each([
  ['a folder of YAML files', 'config'],
  ['one file', 'one.yaml'],
])('reads %s', (_, path) => {
  const folder = project(files);
  const read = readConfig(join(folder, path), join(folder, 'runbooks'));
  expect(read).toMatchObject({ ok: true, config: { sources: { sensor: { kind: 'samples' } } } });
  expect(read.ok && [...read.runbooks.keys()]).toEqual(['latency', 'source-failing']);
});

it('names each error by the file it is in', () => {
  const folder = project({ 'config/all.yaml': 'rules: {' });
  expect(readConfig(join(folder, 'config'), join(folder, 'runbooks'))).toMatchObject({
    ok: false,
    errors: [{ file: join(folder, 'config/all.yaml'), line: 1 }],
  });
});

it.each([
  [
    'a folder that is not there',
    'nowhere',
    'runbooks',
    /there is no config at .*nowhere; name a folder of YAML files, or one, with --config$/,
  ],
  ['a folder without YAML', 'empty', 'runbooks', /there is no \.yaml file in .*empty; tocsin init writes a first config$/],
  ['a folder in place of a file', 'odd', 'runbooks', /odd\/a\.yaml cannot be read: EISDIR.*$/],
  ['no runbooks', 'config', 'nowhere', /there is no folder of runbooks at .*nowhere; name one with --runbooks$/],
  ['a runbook that is none', 'config', 'bad', /bad\/x\.md: runbook "x": expected front matter/],
])('says in one line what is wrong with %s', (_, config, runbooks, message) => {
  const folder = project(files);
  const read = () => readConfig(join(folder, config), join(folder, runbooks));
  expect(read).toThrow(StartError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/\n/);
});
