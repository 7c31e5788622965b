/** What withholds pages about an alert: people (silence, mute timing, inhibition), or an alert upstream that explains it. */
export const muters = ['silence', 'mute timing', 'inhibition', 'upstream'] as const;

/** Why pages about an alert are withheld; `text` is for people. */
export type MuteReason = { by: (typeof muters)[number]; text: string };

export const isSameMute = (one: MuteReason | undefined, other: MuteReason | undefined): boolean =>
  one?.by === other?.by && one?.text === other?.text;

/** Whether it is a cause upstream, which ends the muting when it ends, unlike a silence. */
export const isUpstream = (muted: MuteReason | undefined): muted is MuteReason & { by: 'upstream' } => muted?.by === 'upstream';
