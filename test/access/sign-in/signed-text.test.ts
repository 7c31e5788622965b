import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyFor, signed, verified } from '../../../core/access/sign-in/signed-text.ts';

const secret = new TextEncoder().encode('s'.repeat(32));
const key = keyFor(secret, 'test');

test('what was signed is read again, whatever is in it, and by the key of its purpose alone', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), (value) => {
      const text = signed(key, value);
      expect(text).toMatch(/^[\w.-]+$/);
      if (text.length > 4096) return;
      expect(verified([key], text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(verified([keyFor(secret, 'other'), keyFor(secret, 'test', 'more')], text)).toBeUndefined();
      expect(verified([keyFor(secret, 'other'), key], text)).toBeDefined();
    }),
  );
});

test('one character more, fewer or other is not what was signed', () => {
  const text = signed(key, { name: 'ana', until: 1_767_603_600_000 });
  fc.assert(
    fc.property(fc.nat(text.length), fc.constantFrom('', 'A', '-', '.', '=', 'é'), fc.boolean(), (at, put, replaces) => {
      const other = text.slice(0, at) + put + text.slice(replaces ? at + 1 : at);
      if (other !== text) expect(verified([key], other)).toBeUndefined();
    }),
  );
});
