import type { RouteDto } from '../api/dto/route.ts';
import { at } from './examples.ts';

export const exampleRoute: RouteDto = {
  category: 'performance',
  severity: 'critical',
  policy: 'ml',
  steps: [
    {
      afterMs: 0,
      at,
      step: 'tier 1',
      targets: [{ target: 'schedule/ml (ana)', responder: 'ana', contacts: ['slack:U024BE7LH'] }],
    },
    {
      afterMs: 900_000,
      at: '2026-01-05T09:20:00.000Z',
      step: 'tier 2',
      targets: [{ target: 'responder/farid', responder: 'farid', contacts: ['slack:U061F7AUR'] }],
    },
  ],
};
