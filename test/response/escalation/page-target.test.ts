import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSameTarget, type PageTarget, personMeant, targetKey } from '../../../core/response/escalation/page-target.ts';

const name = fc.oneof(fc.constantFrom('ml', 'ana', 'ml (ana)', 'ml/ana', '"', ''), fc.string());
const target: fc.Arbitrary<PageTarget> = fc.oneof(
  fc.record({ kind: fc.constant('responder' as const), name }),
  fc.record({ kind: fc.constant('channel' as const), name }),
  fc.record({ kind: fc.constant('schedule' as const), name, responder: name }),
);
const partsOf = (one: PageTarget): string[] => [one.kind, one.name, ...(one.kind === 'schedule' ? [one.responder] : [])];

it('two targets are the same only if kind, name and whoever was on call are', () => {
  fc.assert(
    fc.property(target, target, (a, b) => {
      expect(isSameTarget(a, b)).toBe(JSON.stringify(partsOf(a)) === JSON.stringify(partsOf(b)));
      expect(isSameTarget(a, { ...a })).toBe(true);
      expect(targetKey(a) === targetKey(b)).toBe(isSameTarget(a, b));
    }),
  );
});

it('a name that reads like a shift is not taken for one', () => {
  const shift: PageTarget = { kind: 'schedule', name: 'ml', responder: 'ana) (ben' };
  expect(isSameTarget(shift, { kind: 'schedule', name: 'ml (ana)', responder: 'ben' })).toBe(false);
});

it('a person reached by a schedule is the person reached by name', () => {
  const ana: PageTarget = { kind: 'responder', name: 'ana' };
  expect(isSameTarget(personMeant({ kind: 'schedule', name: 'ml', responder: 'ana' }), ana)).toBe(true);
});
