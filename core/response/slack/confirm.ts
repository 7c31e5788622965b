import type { IncidentId } from '../../vocabulary/ids.ts';
import { firingLines, type StillFiring } from '../incidents/still-firing.ts';
import { confirmResolveId } from './interaction.ts';

/** Slack's limit for a section, in characters. */
const maxSection = 3000;

/**
 * A question to one person in Slack, as text and Block Kit. Labels are plain text, which Slack does
 * not interpret.
 */
export type SlackQuestion = { text: string; blocks: object[] };

/**
 * Asks whether to resolve an incident while alerts fire, and lists them. The button covers only
 * these.
 */
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
