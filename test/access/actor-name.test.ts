import { describe, expect, it } from 'vitest';
import { actorName, asciiName } from '../../core/access/actor-name.ts';

describe('the name that a person acts under', () => {
  it.for([
    ['ana', 'ana'],
    ['cli:ana', 'cli:ana'],
    [' Ana Example ', 'Ana Example'],
    ['ａｎａ', 'ana'],
    ['tocsin-bot', 'tocsin-bot'],
  ] as const)('is taken as printable ASCII: %j', ([sent, name]) => expect(actorName(sent)).toBe(name));

  it.for([
    'tocsin',
    'Tocsin',
    'ＴＯＣＳＩＮ',
    ' tocsin ',
    'web',
    'WEB:ana',
    'Slack:U1 (ana)',
    'Responder/ana',
    'аna', // begins with a Cyrillic letter
    'ana\u200b',
    'ana\u202e',
    'ana\nresolved',
    '',
    ' ',
    'x'.repeat(101),
  ])('cannot be %j', (sent) => expect(actorName(sent)).toBeUndefined());

  it('shows what another system calls a person in ASCII', () => {
    expect(asciiName('josé ａ\u202e')).toBe('jos? a?');
  });
});
