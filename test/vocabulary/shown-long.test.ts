import { describe, expect, it } from 'vitest';
import { credentialIn, shown } from '../../core/vocabulary/shown.ts';

/**
 * Steps are bounded by the length: a text ten times as long takes about ten times as long, not a
 * hundred.
 */
const beginnings = [
  'a.',
  'eyJ-',
  'xox-',
  'xoxb',
  'eyJaaaaaaaa.',
  'a://',
  'a://b:',
  '-----BEGIN ',
  'sk-',
  'AKIA',
  'ghp_',
  'AIza',
  'hooks.slack.com/',
  'sk_live_',
];

describe('a long text of beginnings of credentials', () => {
  it.each(beginnings)('%s is looked through at once', (begin) => {
    const text = begin.repeat(Math.ceil(2_000_000 / begin.length));
    // Were it quadratic, this would take hours.
    credentialIn(text);
    expect(shown(text).length).toBeLessThan(200);
  });

  it('is known within what is shown, and a little beyond', () => {
    const token = `eyJ${'a'.repeat(100)}.eyJ${'b'.repeat(100)}`;
    expect(shown(`Bearer ${token}`)).toBe('what looks like a JSON web token');
    expect(shown(`see https://ana:secret@example.com`)).toBe('what looks like a password in an address');
    expect(shown('xoxb-1234-5678')).toBe('what looks like a Slack token');
    expect(shown('xapp-1234-5678')).toBe('what looks like a Slack token');
  });
});
