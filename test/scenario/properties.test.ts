import { describe, it } from 'vitest';
import { whateverCorrelates } from './whatever-correlates.ts';
import { whateverHappens } from './whatever-happens.ts';

// A few; properties.slow.test.ts tries many.
describe('whatever happens, in whatever order', () => {
  it('nobody is paged after an acknowledge, escalation is bounded, no page is lost, and replaying changes nothing', () =>
    whateverHappens(20));
});

describe('whatever happens along a graph of dependencies', () => {
  it('counts are exact, environments stay apart, groups lead to their incidents, and all of it comes to an end', () =>
    whateverCorrelates(10));
});
