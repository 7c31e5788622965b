import { expect, it } from 'vitest';
import type { NowDto } from '../../http/api/dto/now.ts';
import { everyTeam } from '../../http/console/asked-first.ts';
import { criticalIn } from '../../web/frame/critical.ts';
import { nextScope, teamIn } from '../../web/frame/teams.ts';

const team = (name: string, isOwn?: true) => ({ name, ...(isOwn && { isOwn }) });

it('a team that the config does not have asks for once the teams are known', () => {
  const teams = [team('ml')];
  expect([undefined, '', everyTeam, 'ml', 'gone'].map((wanted) => teamIn(wanted, teams))).toEqual([
    undefined,
    undefined,
    undefined,
    'ml',
    undefined,
  ]);
  expect(teamIn('gone', undefined)).toBe('gone');
});

it('the key goes round one’s own teams and everything; who has none goes round all', () => {
  const own = [team('ml', true), team('data', true), team('web')];
  expect([undefined, 'ml', 'data', 'web'].map((now) => nextScope(now, own))).toEqual(['ml', 'data', undefined, 'ml']);
  const foreign = [team('a'), team('b')];
  expect([undefined, 'a', 'b'].map((now) => nextScope(now, foreign))).toEqual(['a', 'b', undefined]);
});

it('what is critical is heard of also when the scope leaves it out, and interrupts only if it is the viewer’s', () => {
  const incident = (id: string, more: object) => ({ id, title: id, severity: 'critical', status: 'triggered', ...more });
  const now = {
    incidents: {
      total: 4,
      shown: [
        incident('mine', { isOwn: true }),
        incident('had', { isOwn: true, status: 'acknowledged' }),
        incident('mild', { isOwn: true, severity: 'warn' }),
        incident('anybody', {}),
      ],
    },
    ofOthers: { team: 'ml', text: '', incidents: { total: 1, critical: 1, shown: [{ id: 'theirs', title: 'theirs' }] } },
  } as unknown as NowDto;
  expect(criticalIn(now).map(({ id, isOwn }) => [id, isOwn])).toEqual([
    ['mine', true],
    ['anybody', false],
    ['theirs', false],
  ]);
});
