import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConsole, type ServedConsole, served } from '../adapters/console-files.ts';

/**
 * What an installed package carries (scripts/pack.ts). In a clone of the repository it is missing.
 */
const carriedIn = join(import.meta.dirname, '../console');
const builder = join(import.meta.dirname, '../scripts/build-console.ts');

type Builder = typeof import('../scripts/build-console.ts');

/** The console: as a package carries it, or built now, which takes less than a second. */
export async function consoleFiles(): Promise<ServedConsole | undefined> {
  const carried = readConsole(carriedIn);
  if (carried !== undefined || !existsSync(builder)) return carried;
  // Not named in an import: what is packed holds neither the sources nor the builder.
  const { buildConsole }: Builder = await import(pathToFileURL(builder).href);
  const built = buildConsole();
  return served(built, built.files);
}
