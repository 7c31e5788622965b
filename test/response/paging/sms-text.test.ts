import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, smsSegments, smsText } from '../../../core/response/paging/sms-text.ts';
import { exampleHeld, examplePage } from '../../contract/example-page.ts';

const incidentUrl = 'https://tocsin.example.com/incidents/inc-0123456789';
const acknowledgeUrl = `https://tocsin.example.com/a/${'x'.repeat(230)}`;

describe('a page as a text message', () => {
  it('is one part that says how bad, what, the numbers, and where to read on', () => {
    const text = smsText(examplePage({ incidentUrl }));
    const words = 'CRITICAL: Accuracy of flight delays (flight-delays, production): value 0.71, 11.3% worse than the baselin...';
    expect(text).toBe(`${words} ${incidentUrl}`);
    expect([text.length <= 160, smsSegments(text)]).toEqual([true, 1]);
  });

  it('says how many other pages were held back until now', () => {
    const held = [exampleHeld(), exampleHeld()];
    expect(smsText(examplePage({ incidentUrl, held }))).toMatch(/^CRITICAL \(\+2 other pages\): Accuracy/);
  });

  it('has the link that acknowledges in place of the other, and fills the parts that it needs', () => {
    const text = smsText(examplePage({ incidentUrl, acknowledgeUrl }));
    expect(text).toContain(acknowledgeUrl);
    expect(text).not.toContain(incidentUrl);
    expect(smsSegments(text)).toBe(3);
  });

  it('keeps the alphabet of a phone where no letter is lost by it', () => {
    const text = smsText(examplePage({ incidentUrl, title: 'Größe fällt – “é” č → 7…' }));
    expect(text).toContain('Größe fällt - "é" c -> 7...');
    expect(smsSegments(text)).toBe(1);
  });

  it('keeps letters of other alphabets, at the price of shorter parts', () => {
    const text = smsText(examplePage({ incidentUrl, title: '精度が低下 🛬' }));
    expect(text).toContain('精度が低下 🛬');
    expect(smsSegments(text)).toBe(2);
  });

  it('counts what a phone counts: signs of the extension twice', () => {
    expect(smsSegments('€'.repeat(80))).toBe(1);
    expect(smsSegments('€'.repeat(81))).toBe(2);
    expect(smsSegments('a'.repeat(161))).toBe(2);
    expect(smsSegments('あ'.repeat(70))).toBe(1);
    expect(smsSegments('あ'.repeat(71))).toBe(2);
  });

  it('of any text ends in its whole link, is one line, cuts no character, and has few parts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (words) => {
        const text = fitted(words, incidentUrl);
        expect(text.endsWith(` ${incidentUrl}`)).toBe(true);
        expect(text).not.toMatch(/[\r\n]/);
        expect(text.isWellFormed()).toBe(true);
        expect(smsSegments(text)).toBeLessThanOrEqual(3);
      }),
    );
  });
});
