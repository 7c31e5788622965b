import * as z from 'zod';
import type { ListedChange } from '../../../app/query/change-list.ts';
import { type ChangePlace, changeCursor, changeKinds } from '../../../core/telemetry/changes/change.ts';
import { changedThing, changeText } from '../../../core/telemetry/changes/change-text.ts';
import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, labelsSchema, severitySchema } from './words.ts';

export const changeSchema = z
  .object({
    id: z.string(),
    at: timeSchema.meta({ description: 'When it was done, as its sender says.' }),
    kind: z.enum(changeKinds),
    thing: z.string().describe('What was changed: `model churn`.'),
    text: z.string().describe('In one line, for people.'),
    labels: labelsSchema.meta({ description: 'What was changed and where, as alerts name it.' }),
    version: z.string().optional().describe('The version, or value, since then.'),
    previousVersion: z.string().optional(),
    by: z.string().describe('Who did it, as its sender says.'),
    link: z.string().optional().describe('An http or https URL.'),
    sender: z.string().describe('Who told of it: `key:ci`.'),
    receivedAt: timeSchema,
    incidents: z
      .array(z.object({ id: z.string(), title: z.string(), status: z.string(), severity: severitySchema }))
      .describe('Those that were told of it.'),
  })
  .meta({ id: 'Change', description: 'Something that was deployed, switched or altered, as somebody outside said.' });

export type ChangeDto = z.infer<typeof changeSchema>;

export const changeListSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    changes: z.array(changeSchema).describe('Newest first.'),
    next: z.string().optional().describe('There may be more: ask for them with this as `cursor`.'),
  })
  .meta({ id: 'ChangeList' });

export type ChangeListDto = z.infer<typeof changeListSchema>;

export const changeListDto = (page: { changes: ListedChange[]; next?: ChangePlace }, at: number): ChangeListDto => ({
  at: timeOf(at),
  changes: page.changes.map(changeDto),
  ...(page.next !== undefined && { next: changeCursor(page.next) }),
});

function changeDto({ change, incidents }: ListedChange): ChangeDto {
  const { id, at, kind, labels, from, to, by, link, sender, receivedAt } = change;
  return {
    ...{ id, at: timeOf(at), kind, thing: changedThing(change), text: changeText(change), labels },
    ...{ version: to, previousVersion: from, by: nameOfActor(by), link, sender, receivedAt: timeOf(receivedAt) },
    incidents: incidents.map(({ id: incident, title, status, severity }) => ({ id: incident, title, status, severity })),
  };
}
