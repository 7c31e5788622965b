import type { Page } from './page.ts';

/** A link that a page shows to be pressed. */
export type PressLink = { text: string; url: string };

/** The links of a page for media whose messages have links or buttons, the most urgent first. */
export const pressLinks = ({ acknowledgeUrl, incidentUrl, runbookUrl }: Page): PressLink[] => [
  ...(acknowledgeUrl === undefined ? [] : [{ text: 'Acknowledge', url: acknowledgeUrl }]),
  { text: 'Incident and timeline', url: incidentUrl },
  ...(runbookUrl === undefined ? [] : [{ text: 'Runbook', url: runbookUrl }]),
];
