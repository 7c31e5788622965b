import type { Context, Hono } from 'hono';
import type { HttpOptions } from '../options.ts';
import { askedFirst } from './asked-first.ts';
import type { ConsoleFiles } from './files.ts';
import { type ConsolePath, screenFolders } from './paths.ts';

/** What the API answers at an address, and the tag of that. */
export type FirstAnswer = { address: string; tag: string; json: string };

/** What a page names of the console, and what it brings along for the screen that it opens on. */
export type OpenedConsole = Pick<ConsoleFiles, 'script' | 'style' | 'icon' | 'icons' | 'parts'> & {
  answers: readonly FirstAnswer[];
};

/**
 * The console as opened on a screen, by whoever asks for the page; undefined where none is built.
 * `api`: the routes below `/api`, which see the same request, so that nobody is told more than they
 * may ask for.
 */
export async function opened(
  c: Context,
  { console: files }: Pick<HttpOptions, 'console'>,
  api: Hono,
  screen: ConsolePath,
): Promise<OpenedConsole | undefined> {
  if (files === undefined) return undefined;
  const { script, style, icon, icons, parts, screens } = files;
  const answers = await Promise.all(askedFirst(screen, c.req.query()).map((address) => answerOf(c, api, address)));
  return {
    script,
    style,
    icon,
    icons,
    parts: [...parts, ...(screens[screenFolders[screen]] ?? [])],
    answers: answers.flat(),
  };
}

/** Nothing unless it is an answer: the console asks for it again, and shows what is wrong. */
async function answerOf(c: Context, api: Hono, address: string): Promise<FirstAnswer[]> {
  const headers = new Headers(c.req.raw.headers);
  headers.set('Accept', 'application/json');
  headers.delete('If-None-Match');
  const answer = await api.request(address.slice('/api'.length), { headers }, c.env);
  const tag = answer.headers.get('ETag');
  return answer.status === 200 && tag !== null ? [{ address, tag, json: await answer.text() }] : [];
}
