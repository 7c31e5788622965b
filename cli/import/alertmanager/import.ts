import type { ConfigDocument } from '../../../core/config/document.ts';
import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Category } from '../../../core/vocabulary/schema-parts.ts';
import { durationText } from '../duration.ts';
import { namesOf } from '../names.ts';
import type { Note, Notes } from '../note.ts';
import { type Written, writtenAt } from '../written.ts';
import { inhibitionsIn } from './inhibit-rules.ts';
import { mailServerIn } from './mail-server.ts';
import { muteTimingsOf } from './mute-timings.ts';
import { whyLeftOut } from './no-counterpart.ts';
import { everybodyOf, policiesOf, usualRepeat } from './policies.ts';
import { type Receivers, receiversIn } from './receivers.ts';
import { routeTree } from './route-tree.ts';
import { timeIntervalsIn } from './time-intervals.ts';

/** What the file does not say of the source of its alerts. */
export type AboutAlerts = { source: string; category: Category; runbook: string };

export type Imported = { config: Partial<ConfigInput>; notes: Note[] };

/**
 * The config of an Alertmanager as a part of one of Tocsin. Every line of it is in the result, or
 * in the notes.
 */
export function importAlertmanager(document: ConfigDocument, about: AboutAlerts): Imported {
  const notes: Notes = [];
  const file = writtenAt(document, notes);
  const globals = file.mapping('global');
  const endsAfter = durationText(globals?.text('resolve_timeout'), notes);
  const receivers = receiversIn(file, notes);
  // A file without one is refused before.
  const top = file.mapping('route') ?? writtenAt(document, notes, ['route'], {});
  const named = top.text('receiver');
  const root = receivers.byName.get(named?.text ?? '') ?? { name: named?.text ?? '', policy: undefined, targets: [] };
  const repeat = durationText(top.text('repeat_interval'), notes) ?? usualRepeat;
  const { routes, timed, repeats } = routeTree(top, root, repeat, { receivers: receivers.byName, nameFor: namesOf(), notes });
  const everybody = everybodyOf(root, receivers, named?.line ?? top.line, notes);
  const inhibitions = inhibitionsIn(file, namesOf(), notes);
  const muteTimings = muteTimingsOf(timed, timeIntervalsIn(file, notes), namesOf(), notes);
  const settings = { ...groupingOf(top, notes), ...settingsFor(receivers.channels, globals, notes) };
  const groupBy = top.texts('group_by').map(({ text }) => text);
  file.leftOut(whyLeftOut);
  return {
    notes,
    config: {
      ...withoutEmpty({ settings }),
      sources: {
        [about.source]: {
          kind: 'alerts',
          category: about.category,
          runbook: about.runbook,
          ...(groupBy.length === 0 ? {} : { groupBy }),
          ...(endsAfter === undefined ? {} : { endsAfter }),
        },
      },
      channels: { ...receivers.channels, ...everybody.channels },
      policies: policiesOf([...receivers.byName.values(), ...everybody.receivers], repeats),
      matrix: { default: { warn: { policy: everybody.policy }, critical: { policy: everybody.policy } } },
      ...withoutEmpty({ routes, inhibitions, muteTimings }),
    },
  };
}

/** What contacts need besides themselves. */
function settingsFor(
  channels: Receivers['channels'],
  globals: Written | undefined,
  notes: Notes,
): NonNullable<ConfigInput['settings']> {
  const contacts = Object.values(channels);
  const email = contacts.some((contact) => contact.email !== undefined) ? mailServerIn(globals, notes) : undefined;
  const usesApp = contacts.some((contact) => contact.slack !== undefined);
  return {
    ...(usesApp && { slack: { token: 'SLACK_BOT_TOKEN', signingSecret: 'SLACK_SIGNING_SECRET' } }),
    ...(email !== undefined && { email }),
  };
}

/** The sections that hold something. */
const withoutEmpty = (sections: Partial<ConfigInput>): Partial<ConfigInput> =>
  Object.fromEntries(Object.entries(sections).filter(([, section]) => Object.keys(section ?? {}).length > 0));

function groupingOf(top: Written, notes: Notes): { groupWait?: string; groupInterval?: string } {
  const [wait, interval] = [top.text('group_wait'), top.text('group_interval')];
  if (wait !== undefined)
    notes.push({ line: wait.line, kind: 'differs', text: 'group_wait: a critical incident pages at once here; only warn waits' });
  const [groupWait, groupInterval] = [durationText(wait, notes), durationText(interval, notes)];
  return { ...(groupWait === undefined ? {} : { groupWait }), ...(groupInterval === undefined ? {} : { groupInterval }) };
}
