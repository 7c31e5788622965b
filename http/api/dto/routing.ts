import * as z from 'zod';
import type { Routing } from '../../../app/query/routing.ts';
import { weekdays } from '../../../core/alerting/mute-timings/mute-timing-schema.ts';
import type { Target } from '../../../core/response/escalation/policy-schema.ts';
import { matcherText } from '../../../core/vocabulary/matchers/matcher.ts';
import { timeIfAny, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const matchersSchema = z.array(z.string()).describe("In Alertmanager's syntax. All must hold.");

export const routingSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    routes: z
      .array(
        z.object({
          path: z.array(z.string()).describe('Names, outermost first.'),
          match: matchersSchema,
          policy: z.string().optional(),
          pagesNobody: z.boolean(),
          tell: z.array(z.string()).describe('Who is told, such as `channel/ml-alerts`.'),
          continue: z.boolean().describe('The routes after it are looked at, too.'),
        }),
      )
      .describe('In the order in which they are looked at.'),
    muteTimings: z.array(
      z.object({
        name: z.string(),
        match: matchersSchema,
        timezone: z.string(),
        windows: z.array(z.object({ days: z.array(z.enum(weekdays)), from: z.string(), to: z.string() })),
        active: z.boolean().describe('It mutes now.'),
        activeUntil: timeSchema.optional().meta({ description: 'Absent while active: for more than a week.' }),
      }),
    ),
    inhibitions: z.array(
      z.object({ name: z.string(), source: matchersSchema, target: matchersSchema, equal: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'Routing', description: 'How the config routes and mutes alerts.' });

export type RoutingDto = z.infer<typeof routingSchema>;

export const routingDto = ({ routes, muteTimings, inhibitions }: Routing): Omit<RoutingDto, 'at'> => ({
  routes: routes.map(({ path, route }) => ({
    path,
    match: route.match.map(matcherText),
    policy: route.policy,
    pagesNobody: route.pages === 'nobody',
    tell: route.tell.map(targetName),
    continue: route.continue,
  })),
  muteTimings: muteTimings.map(({ name, timing, active, activeUntil }) => ({
    name,
    match: timing.match.map(matcherText),
    timezone: timing.timezone,
    windows: timing.windows.map(({ days, from, to }) => ({ days: [...days], from, to })),
    active,
    activeUntil: timeIfAny(activeUntil),
  })),
  inhibitions: inhibitions.map(({ name, source, target, equal }) => ({
    name,
    source: source.map(matcherText),
    target: target.map(matcherText),
    equal: [...equal],
  })),
});

const targetName = ({ responder, schedule, channel }: Target): string =>
  responder !== undefined ? `responder/${responder}` : schedule !== undefined ? `schedule/${schedule}` : `channel/${channel}`;
