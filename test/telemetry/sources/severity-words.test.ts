import { describe, expect, it } from 'vitest';
import { knownSeverityWords, severityMeant } from '../../../core/telemetry/sources/severity-words.ts';

const meant = (word: string, severities = {}) => severityMeant(word, { severities });

describe("a sender's word for a severity", () => {
  it.each(['critical', 'CRITICAL', ' Page ', 'error', 'Fatal', 'HIGH', 'P0', 'p1', 'P2', 'SEV-1', 'sev 2', 'Severity1', 'emerg'])(
    '%j is critical',
    (word) => expect(meant(word)).toBe('critical'),
  );
  it.each(['warning', 'Warn', 'MEDIUM', 'minor', 'P3', 'sev4', 'low'])('%j is warn', (word) => expect(meant(word)).toBe('warn'));
  it.each(['info', 'Informational', 'NONE', 'P5', 'notice'])('%j is info', (word) => expect(meant(word)).toBe('info'));
  it.each(['', 'P9', '1', 'loud', 'constructor', '__proto__'])('%j is unknown', (word) => expect(meant(word)).toBeUndefined());

  it('means what the source declares, before what the field says, in other spellings too', () => {
    expect(meant('P1', { P1: 'info' })).toBe('info');
    expect(meant('p-1', { P1: 'info' })).toBe('info');
    expect(meant('p1', { P1: 'info', p1: 'warn' })).toBe('warn');
    expect(meant('P2', { P1: 'info' })).toBe('critical');
    expect(meant('BOO', { Boo: 'info', boo: 'critical', bOo: 'warn' })).toBe('critical');
    expect([meant('', { '': 'info' }), meant('-', { '': 'info' })]).toEqual(['info', undefined]);
  });

  it('means the same in the list of known words', () => {
    const source = { severities: { loud: 'info', high: 'warn' } } as const;
    for (const [word, severity] of Object.entries(knownSeverityWords(source))) expect(severityMeant(word, source)).toBe(severity);
  });
});
