import { describe, expect, it } from 'vitest';
import { type Contact, contactKey, contactReceiver, contactText, disturbsSame } from '../../../core/response/contacts/contact.ts';
import { storedEffect } from '../../../core/response/outbox/stored-effect.ts';
import { examplePageEffect } from '../../contract/store-examples.ts';
import { storyOf } from '../../scenario/harness.ts';

/** As a newer Tocsin may have written it. */
const pager = { kind: 'pager', number: '555' } as unknown as Contact;

describe('a contact of a kind that this Tocsin does not know', () => {
  it('has a name that says so, for lanes and timelines', () => {
    for (const nameOf of [contactKey, contactReceiver, contactText]) expect(nameOf(pager)).toBe('unknown contact kind "pager"');
    expect(disturbsSame(pager, pager)).toBe(false);
    expect(contactKey({ kind: 'constructor' } as unknown as Contact)).toBe('unknown contact kind "constructor"');
  });

  it('is read back with its page, which is not lost', () => {
    const effect = examplePageEffect({ contacts: [pager, { kind: 'sns', topic: 'ana' }] });
    expect(storedEffect.decode(storedEffect.encode(effect))).toEqual({ ok: true, value: effect });
  });

  it('of a kind that is known must have its shape', () => {
    const effect = examplePageEffect({ contacts: [{ kind: 'sns' } as unknown as Contact] });
    expect(storedEffect.decode(storedEffect.encode(effect))).toMatchObject({ ok: false, reason: { by: 'shape' } });
  });

  const storyWith = (contacts: Contact[]) => {
    const story = storyOf();
    const { ana } = story.ports.config.responders;
    if (ana === undefined) throw new Error('expected ana to be in the config');
    ana.contacts = contacts;
    return story;
  };

  it('fails with its name, and the next contact method is tried', async () => {
    const story = storyWith([pager, { kind: 'sns', topic: 'ana' }]);
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    const [failed] = await story.entries('page failed');
    expect(failed?.data?.failure).toBe('dead');
    expect(failed?.text).toContain('unknown contact kind "pager"');
  });

  it('where it is all that somebody has, the next tier is paged at once', async () => {
    const story = storyWith([pager]);
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(story.pages()).toEqual(['0:01 escalated: responder/ben by sns:ben']);
  });
});
