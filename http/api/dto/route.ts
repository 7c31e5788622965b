import * as z from 'zod';
import type { RouteMatch } from '../../../app/query/route-match.ts';
import { muters } from '../../../core/alerting/alerts/mute-reason.ts';
import type { Route, RouteTarget } from '../../../core/dry-run/route.ts';
import { contactKey } from '../../../core/response/contacts/contact.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt, categorySchema, labelsSchema, severitySchema } from './words.ts';

const pathSchema = z.array(z.string()).describe('Names of routes, outermost first.');

const routeTargetSchema = z
  .object({
    target: z.string().optional().describe('Such as `responder/ana`, `schedule/ml (ana)`, `channel/ml-alerts`.'),
    responder: z.string().optional().describe('The person, if it means one.'),
    contacts: z.array(z.string()).describe('Their contact methods, best first; empty if nobody is meant.'),
    override: z.string().optional().describe('Id of the override that put them on call.'),
    unresolved: z.string().optional().describe('Why it means nobody.'),
  })
  .meta({ id: 'RouteTarget' });

const routeFields = {
  category: categorySchema,
  severity: severitySchema,
  policy: z.string(),
  route: pathSchema.optional().meta({ description: 'The routes that name the policy; absent if the matrix does.' }),
  looked: z
    .array(z.object({ path: pathSchema, matched: z.boolean(), failed: z.string().optional() }))
    .optional()
    .describe('Every route that was looked at, in order, and the first matcher that did not hold.'),
  tell: z.array(routeTargetSchema).optional().describe('Who is told, and not paged.'),
  nobody: pathSchema.optional().meta({ description: 'The routes that page nobody.' }),
  recorded: z.boolean().optional().describe('Severity `info` is recorded and shown, and pages nobody.'),
  ackTargetMs: z.int().optional().describe('Response-time target: time to acknowledge.'),
  resolveTargetMs: z.int().optional(),
  muted: z
    .object({ by: z.string(), until: timeSchema.optional() })
    .optional()
    .describe('The mute timing that withholds pages; without `until`, for more than a week.'),
  about: z
    .object({ text: z.string(), withheldBy: z.array(z.string()) })
    .optional()
    .describe('What it is about in the dependency graph, and dependencies whose alerts mute it.'),
  steps: z
    .array(
      z.object({
        afterMs: z.int().describe('After it fires.'),
        at: timeSchema,
        step: z.string().describe('`tier 1`, `reminder` or `fallback`.'),
        targets: z.array(routeTargetSchema),
      }),
    )
    .describe('Who is paged when, if nobody acknowledges; empty while nobody is.'),
};

export const routeSchema = z.object(routeFields).meta({ id: 'Route', description: 'Who is paged about an alert, and when.' });

export const pagedNowSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    routes: z.array(routeSchema).describe('For each category and severity, an alert that has no other label.'),
  })
  .meta({ id: 'PagedNow' });

export const routeMatchRequestSchema = z
  .strictObject({
    labels: labelsSchema.describe(
      'Labels of an alert. `rule` is a rule of the config, or `source/alertname` of another system; without one it takes `category`.',
    ),
    at: timeSchema
      .optional()
      .describe('As if it fired then, by the schedules, silences and mute timings that are known now; by default now.'),
  })
  .meta({ id: 'RouteMatchRequest' });

const mutedBySchema = z.object({
  by: z.enum(muters),
  text: z.string(),
  id: z.string().optional().describe('Of the silence; name of the mute timing or inhibition.'),
  until: timeSchema.optional(),
});

export const routeMatchSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    routes: z
      .array(
        z
          .object({ ...routeFields, mutedBy: z.array(mutedBySchema).describe('What would withhold its pages if it fired now.') })
          .meta({ id: 'MatchedRoute' }),
      )
      .describe('One for each severity that it may have.'),
    notes: z.array(z.string()).describe('What was not understood of the labels, and what counts instead.'),
  })
  .meta({ id: 'RouteMatch' });

export type RouteDto = z.infer<typeof routeSchema>;
export type RouteMatchDto = z.infer<typeof routeMatchSchema>;

export function routeDto(route: Route, at: number): RouteDto {
  const { category, severity, policy, route: by, looked, tell, nobody, recorded, ackTarget, resolveTarget, muted } = route;
  return {
    ...{ category, severity, policy, route: by, looked, nobody, recorded },
    tell: tell?.map(targetDto),
    ...{ ackTargetMs: ackTarget, resolveTargetMs: resolveTarget },
    muted: muted === undefined ? undefined : { by: muted.by, until: timeIfAny(muted.until) },
    about: route.about,
    steps: route.steps.map(({ afterMs, step, targets }) => ({
      ...{ afterMs, at: timeOf(at + afterMs), step },
      targets: targets.map(targetDto),
    })),
  };
}

export const routeMatchDto = (routes: readonly RouteMatch[], at: number): RouteMatchDto['routes'] =>
  routes.map((route) => ({
    ...routeDto(route, at),
    mutedBy: route.mutedBy.map(({ until, ...reason }) => ({ ...reason, until: timeIfAny(until) })),
  }));

const targetDto = (found: RouteTarget) =>
  found.ok
    ? {
        ...{ target: found.target, responder: found.responder },
        contacts: found.contacts.map(contactKey),
        override: found.override?.id,
      }
    : { contacts: [], unresolved: found.reason };
