import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { makeFolder } from '../stores/sqlite/make-folder.ts';
import { StartError } from './start-error.ts';

/** A new file: its text, or the file that it is a copy of. */
export type NewFile = { path: string } & ({ text: string } | { copyOf: string });

/**
 * Makes folders, and files in them, none of which is there yet. Throws StartError and leaves
 * nothing of them behind if one cannot be made.
 */
export function makeFiles(folders: readonly string[], files: readonly NewFile[]): void {
  const made: string[] = [];
  try {
    for (const folder of folders) {
      orExplain(folder, 'made', () => makeFolder(folder));
      made.push(folder);
    }
    for (const file of files) {
      made.push(file.path);
      if ('text' in file) writeText(file.path, file.text, { isNew: true });
      else orExplain(file.path, 'written', () => copyFileSync(file.copyOf, file.path));
    }
  } catch (error) {
    for (const path of made) rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

/** Writes a file. Throws StartError if that fails; `isNew`: also if it is there already. */
export const writeText = (path: string, text: string, { isNew = false } = {}): void =>
  orExplain(path, 'written', () => writeFileSync(path, text, { flag: isNew ? 'wx' : 'w' }));

function orExplain(path: string, done: 'made' | 'written', act: () => void): void {
  try {
    act();
  } catch (cause) {
    throw new StartError(`${path} cannot be ${done}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
