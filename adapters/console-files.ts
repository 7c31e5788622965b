/**
 * The built console as it lies in a folder: index.json names its script and its style
 * (scripts/build-console.ts writes it).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';

const indexSchema = z.strictObject({
  script: z.string(),
  style: z.string(),
  icon: z.string(),
  icons: z.strictObject({ any192: z.string(), any512: z.string(), maskable512: z.string(), touch180: z.string() }),
  worker: z.string(),
  register: z.string(),
  parts: z.array(z.string()),
  screens: z.record(z.string(), z.array(z.string())),
});

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

export type ServedFile = { body: Uint8Array<ArrayBuffer>; gzip: Uint8Array<ArrayBuffer>; type: string };

/** Names of the files that a page asks for. */
type Index = z.infer<typeof indexSchema>;

export type ServedConsole = Index & { files: ReadonlyMap<string, ServedFile> };

/** Throws when a file has no known type: the browser would refuse it. */
export function served(
  { script, style, icon, icons, worker, register, parts, screens }: Index,
  files: readonly { name: string; bytes: Uint8Array }[],
): ServedConsole {
  const entries = files.map(({ name, bytes }) => {
    const type = types[extname(name)];
    if (type === undefined) throw new Error(`the console has a file of no known type: ${name}`);
    return [name, { body: new Uint8Array(bytes), gzip: new Uint8Array(gzipSync(bytes, { level: 9 })), type }] as const;
  });
  return { script, style, icon, icons, worker, register, parts, screens, files: new Map(entries) };
}

/** The console in a folder; undefined if none was built there. */
export function readConsole(folder: string): ServedConsole | undefined {
  const index = join(folder, 'index.json');
  if (!existsSync(index)) return undefined;
  const names = readdirSync(folder).filter((name) => name !== 'index.json');
  return served(
    indexSchema.parse(JSON.parse(readFileSync(index, 'utf8'))),
    names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
  );
}
