import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifySlackSignature } from '../../../core/response/slack/signature.ts';

// The worked example of Slack's documentation.
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  rawBody:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  nowSeconds: 1531420618,
};

describe("Slack's signature", () => {
  it("accepts the worked example of Slack's documentation", () => {
    expect(verifySlackSignature(documented)).toEqual({ ok: true });
    expect(verifySlackSignature({ ...documented, rawBody: Buffer.from(documented.rawBody) })).toEqual({ ok: true });
    expect(verifySlackSignature({ ...documented, nowSeconds: 1531420618.9 })).toEqual({ ok: true });
  });

  it.each([
    ['another body', { rawBody: `${documented.rawBody}&x=1` }, /does not match/],
    ['another secret', { secret: 'x' }, /does not match/],
    ['another time', { timestamp: '1531420619' }, /does not match/],
    ['a cut signature', { signature: documented.signature.slice(0, 20) }, /does not match/],
    ['another version', { signature: documented.signature.replace('v0', 'v1') }, /does not match/],
    ['no signature', { signature: undefined }, /X-Slack-Signature header is missing/],
    ['no timestamp', { timestamp: undefined }, /X-Slack-Request-Timestamp header is missing/],
    ['a timestamp that is no number', { timestamp: '1e9' }, /not a number/],
    ['a replay after five minutes', { nowSeconds: 1531420618 + 301 }, /301 s old/],
    ['a time ahead of ours', { nowSeconds: 1531420618 - 301 }, /ahead/],
  ])('refuses %s', (_name, over, reason) => {
    expect(verifySlackSignature({ ...documented, ...over })).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('refuses everything while there is no secret, also what is signed with the empty one', () => {
    const signature = `v0=${createHmac('sha256', '').update('v0:1531420618:x').digest('hex')}`;
    expect(verifySlackSignature({ ...documented, secret: '', rawBody: 'x', signature })).toMatchObject({ ok: false });
  });
});
