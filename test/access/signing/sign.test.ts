import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signBody, verifyBody } from '../../../core/access/signing/sign.ts';

const secret = 'correct horse battery staple';
const now = 1_790_000_000;

describe('a signed webhook', () => {
  it('carries what any HMAC library computes over time and body', () => {
    const body = '{"wörter":"日本語"}';
    const hex = createHmac('sha256', secret).update(`${now}.${body}`).digest('hex');
    expect(signBody(secret, now, body)).toBe(`t=${now},v1=${hex}`);
    expect(signBody(secret, now, new TextEncoder().encode(body))).toBe(`t=${now},v1=${hex}`);
  });

  it('is accepted with any secret, body and time, up to five minutes either way', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.integer({ min: -300, max: 300 }), (key, body, skew) => {
        const header = signBody(key, now, body);
        expect(verifyBody({ secret: key, header, body, nowSeconds: now + skew })).toEqual({ ok: true });
      }),
    );
  });

  it('is refused once any byte of the body, the time or the signature differs', () => {
    const header = signBody(secret, now, 'body');
    const check = (over: Partial<Parameters<typeof verifyBody>[0]>) =>
      verifyBody({ secret, header, body: 'body', nowSeconds: now, ...over });
    const mismatch = { ok: false, reason: 'the signature does not match the body' };
    expect(check({ body: 'Body' })).toEqual(mismatch);
    expect(check({ body: 'body ' })).toEqual(mismatch);
    expect(check({ header: header.replace(`t=${now}`, `t=${now + 1}`) })).toEqual(mismatch);
    expect(check({ header: header.slice(0, -1) })).toEqual(mismatch);
    expect(check({ header: `${header}0` })).toEqual(mismatch);
    expect(check({ secret: `${secret}!` })).toEqual(mismatch);
  });

  it('is refused when it is too old or from the future, with the distance', () => {
    const header = signBody(secret, now, 'body');
    expect(verifyBody({ secret, header, body: 'body', nowSeconds: now + 301 })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/301 s old/),
    });
    expect(verifyBody({ secret, header, body: 'body', nowSeconds: now - 301 })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/301 s ahead/),
    });
  });

  it('may carry the signatures of the old and the new secret', () => {
    const fresh = signBody('new', now, 'body').split('v1=')[1];
    const header = `${signBody('old', now, 'body')},v1=${fresh}`;
    expect(verifyBody({ secret: 'new', header, body: 'body', nowSeconds: now })).toEqual({ ok: true });
    expect(verifyBody({ secret: 'old', header, body: 'body', nowSeconds: now })).toEqual({ ok: true });
  });

  it.each([
    [undefined, /missing/],
    ['', /missing/],
    ['v1=00', /malformed/],
    [`t=${now}`, /malformed/],
    [`t=${now},t=${now},v1=00`, /malformed/],
    ['t=soon,v1=00', /not a number/],
    ['t=-1,v1=00', /not a number/],
    [`t=${now},${'v1=00,'.repeat(5)}`, /malformed/],
  ])('is refused with the header %s', (header, reason) => {
    expect(verifyBody({ secret, header, body: 'body', nowSeconds: now })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('never passes or is made with an empty secret', () => {
    expect(() => signBody('', now, 'body')).toThrow(/empty secret/);
    const forged = `t=${now},v1=${createHmac('sha256', '').update(`${now}.body`).digest('hex')}`;
    expect(verifyBody({ secret: '', header: forged, body: 'body', nowSeconds: now })).toMatchObject({ ok: false });
  });
});
