/**
 * What withholds pages: people (silence, mute timing, inhibition, route), or an upstream alert that
 * explains it.
 */
export const muters = ['silence', 'mute timing', 'inhibition', 'route', 'upstream'] as const;

/** Why an alert's pages are withheld; `text` is for people. */
export type MuteReason = { by: (typeof muters)[number]; text: string };

export const isSameMute = (one: MuteReason | undefined, other: MuteReason | undefined): boolean =>
  one?.by === other?.by && one?.text === other?.text;

/** Whether the muter is an upstream cause. Unlike a silence, it ends with that cause. */
export const isUpstream = (muted: MuteReason | undefined): muted is MuteReason & { by: 'upstream' } => muted?.by === 'upstream';
