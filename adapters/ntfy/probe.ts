import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import { distinctContacts } from '../distinct-contacts.ts';

const timeoutMs = 5000;

/**
 * Asks the server whether it is healthy, and whether the secrets have values; publishes nothing.
 */
export const contactProbes: ContactProbes<'ntfy'> = (contacts, { secrets }) =>
  distinctContacts(contacts).map(([what, { url, topic, token }]) => ({
    what,
    todo: 'docs/ntfy.md says how to set it up',
    async run(): Promise<Probed> {
      for (const name of token === undefined ? [topic] : [topic, token])
        if (((await secrets.get(name)) ?? '').trim() === '')
          return { state: 'failed', found: `the secret ${name} has no value`, todo: 'docs/ntfy.md says what it holds' };
      const answer = await fetch(new URL('/v1/health', url), { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      await answer.body?.cancel();
      if (!answer.ok)
        return {
          state: 'failed',
          found: `${new URL(url).host} answers ${answer.status} where a ntfy server says that it is healthy`,
          todo: 'check the URL in the config',
        };
      return { state: 'ok', found: `${new URL(url).host} is healthy; only a message would show whether a phone gets it` };
    },
  }));
