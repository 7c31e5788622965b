import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { ContactKind, ContactOf } from '../../core/response/contacts/contact.ts';
import { exampleAlert, exampleHeld, examplePage } from './example-page.ts';

/**
 * How the receiver behaves from now on. `dead`: it says for good that this target does not exist.
 */
export type Behaviour = 'well' | 'dead' | 'cut' | { status: number; retryAfter?: string };

export type OpenChannel<K extends ContactKind> = {
  channel: Channel<K>;
  contact: ContactOf<K>;
  behave: (behaviour: Behaviour) => void;
  /** What a person reads of every message the receiver took, and the key it can dedupe by. */
  delivered: () => { text: string; key: string | undefined }[];
  close: () => Promise<void>;
};

async function failure(sending: Promise<unknown>): Promise<DeliveryError> {
  const error = await sending.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof DeliveryError)) throw new Error('expected a DeliveryError', { cause: error });
  return error;
}

/**
 * What app/deliver/deliver.ts relies on of every channel that speaks to a receiver over a network.
 * `saysWhen`: the receiver's protocol can say how long to leave it alone. `digests`: it takes them.
 * `brief`: a message is short, and has no room for owner and runbook, nor for a text of any length.
 */
export function channelContract<K extends ContactKind>(
  name: string,
  open: () => Promise<OpenChannel<K>>,
  { saysWhen = true, digests = true, brief = false } = {},
): void {
  describe(`${name} keeps the contract of a channel`, () => {
    let opened: OpenChannel<K>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('delivers a page with what, how bad, the numbers, the owner and the links, and returns', async () => {
      await opened.channel.send(opened.contact, examplePage(), 'inc-1#1#0');
      const [message, ...others] = opened.delivered();
      expect(others).toEqual([]);
      const short = ['Accuracy of flight delays', 'inc-0123456789', '0.71', 'critical'];
      for (const part of brief ? short : [...short, 'team-ml', '0.8', '/runbooks/accuracy-drop']) {
        expect(message?.text.toLowerCase()).toContain(part.toLowerCase());
      }
    });

    it('gives the receiver the same key on every attempt, and another one for another effect', async () => {
      for (const key of ['inc-1#1#0', 'inc-1#1#0', 'inc-1#2#0']) await opened.channel.send(opened.contact, examplePage(), key);
      const [first, again, other] = opened.delivered().map(({ key }) => key);
      expect(first).toBeTruthy();
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    });

    it.runIf(digests)('delivers a digest, with a key, and says whether another try is of use', async () => {
      const digest = { title: 'Digest weekly', lines: ['Paged:', '  responder/ana: 2 pages'], url: 'https://t.example', at: 0 };
      const send = (key: string): Promise<unknown> => {
        if (opened.channel.digest === undefined) throw new Error('expected a channel that takes digests');
        return opened.channel.digest(opened.contact, digest, key);
      };
      await send('digest/weekly#1#0');
      const [message] = opened.delivered();
      for (const part of ['Digest weekly', 'responder/ana: 2 pages', 'https://t.example']) expect(message?.text).toContain(part);
      expect(message?.key).toBeTruthy();
      opened.behave('dead');
      expect((await failure(send('k'))).retryable).toBe(false);
      opened.behave({ status: 503 });
      expect((await failure(send('k'))).retryable).toBe(true);
    });

    it('does not ask for a retry at a dead target, and says what to do', async () => {
      opened.behave('dead');
      const error = await failure(opened.channel.send(opened.contact, examplePage(), 'k'));
      expect(error.retryable).toBe(false);
      expect(error.message).toMatch(/;/);
    });

    it.runIf(saysWhen)('passes on how long a busy receiver wants to be left alone', async () => {
      opened.behave({ status: 429, retryAfter: '17' });
      const error = await failure(opened.channel.send(opened.contact, examplePage(), 'k'));
      expect(error).toMatchObject({ retryable: true, retryAfterMs: 17_000 });
    });

    it.each([500, 502, 503, 504])('asks for a retry when the receiver answers %i', async (status) => {
      opened.behave({ status });
      expect((await failure(opened.channel.send(opened.contact, examplePage(), 'k'))).retryable).toBe(true);
    });

    it('asks for a retry when the connection is cut', async () => {
      opened.behave('cut');
      expect((await failure(opened.channel.send(opened.contact, examplePage(), 'k'))).retryable).toBe(true);
    });

    it('asks for a retry when nobody listens', async () => {
      await opened.close();
      expect((await failure(opened.channel.send(opened.contact, examplePage(), 'k'))).retryable).toBe(true);
    });

    it('carries letters of any script, emoji and markup', async () => {
      const title = 'Genauigkeit fällt: 精度が低下 🛬 <script> & "quotes"';
      await opened.channel.send(opened.contact, examplePage({ title, why: 'größer & <größer>' }), 'k');
      const text = opened.delivered()[0]?.text;
      for (const part of brief ? ['精度が低下', '🛬'] : ['精度が低下', '🛬', 'größer']) expect(text).toContain(part);
    });

    it('delivers a page however long its parts are, and broken characters in it', async () => {
      const long = `\ud800 ${'ä<&>🛬'.repeat(20_000)}`;
      const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { x: long } }));
      const held = Array.from({ length: 300 }, () => exampleHeld({ title: long.slice(0, 500), why: long.slice(0, 500) }));
      const page = examplePage({ title: long, why: long, owner: long, target: long, alerts, alertCount: 9999, held });
      await opened.channel.send(opened.contact, page, 'k');
      expect(opened.delivered()).toHaveLength(1);
    });
  });
}
