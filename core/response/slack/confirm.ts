import type { IncidentId } from '../../vocabulary/ids.ts';
import { firingLines, type StillFiring } from '../incidents/still-firing.ts';
import { confirmResolveId } from './interaction.ts';

/** Slack takes this many characters in a section. */
const maxSection = 3000;

/** A question to one person in Slack, as text and as Block Kit; labels in it are plain text, which Slack does not interpret. */
export type SlackQuestion = { text: string; blocks: object[] };

/** Asks whether an incident is to be resolved although alerts fire, and says which. The button covers these alone. */
export function resolveQuestion(incidentId: IncidentId, message: string, firing: StillFiring): SlackQuestion {
  const text = [`${message}:`, ...firingLines(firing).map((line) => `• ${line}`)].join('\n');
  const shown = text.length <= maxSection ? text : `${text.slice(0, maxSection - 3)}...`;
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: shown.toWellFormed(), emoji: false } },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: confirmResolveId,
            value: `${incidentId} ${firing.token}`,
            text: { type: 'plain_text', text: 'Resolve anyway' },
            style: 'danger',
          },
        ],
      },
    ],
  };
}
