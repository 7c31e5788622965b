import { pingNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { withheldReasons } from '../../core/selfcheck/vitals/vitals.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { readNotes } from './vitals.ts';

/** Pings a URL that raises an alarm when pings stop. Throws unless it answers 2xx. */
export type Ping = (url: string) => Promise<void>;

export type Pinged =
  | { outcome: 'not due' }
  | { outcome: 'pinged' }
  | { outcome: 'withheld'; reasons: string[] }
  | { outcome: 'failed'; error: string };

/**
 * Pings the dead-man's switch while Tocsin is healthy. Otherwise it skips the ping, and the outside
 * monitor raises the alarm. Checked each minute; `every` sets the interval. If the URL does not
 * answer, retries the next minute.
 */
export async function pingIfWell(ports: Ports, ping: Ping, now: number): Promise<Pinged> {
  const configured = ports.config.settings.deadMansPing;
  if (configured === undefined) return { outcome: 'not due' };
  const last = (await readNote(ports.store, pingNote))?.at ?? Number.NaN;
  // Half a minute early is on time: checks run a minute apart.
  if (last <= now && now - last < configured.every - 30_000) return { outcome: 'not due' };
  const reasons = withheldReasons(await readNotes(ports), now);
  if (reasons.length > 0) {
    ports.log('warn', "the dead-man's ping is withheld", { reasons });
    return { outcome: 'withheld', reasons };
  }
  try {
    await ping(await urlOf(ports, configured.url));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    ports.log('warn', "the dead-man's ping did not arrive", { error: text });
    return { outcome: 'failed', error: text };
  }
  await writeNote(ports.store, pingNote, { at: now });
  return { outcome: 'pinged' };
}

/** Such a URL usually contains a token, so it may be given as a secret's name. */
async function urlOf({ secrets }: Ports, given: string): Promise<string> {
  if (given.includes('://')) return given;
  const url = await secrets.get(given);
  if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new Error(`the secret ${given} holds no http(s) address; set it where Tocsin runs`);
  return url;
}
