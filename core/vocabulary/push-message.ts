/**
 * What a device is sent, as JSON; web/worker shows it. `v` grows when an older worker would misread
 * it.
 */
export type PushMessage = {
  v: 1;
  kind: 'page' | 'digest' | 'test';
  /** The same message has the same key, however often it is sent. */
  key: string;
  title: string;
  body: string;
  /** A message replaces the one with the same tag. */
  tag: string;
  /** Where a click leads, on the origin of the console. */
  path: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Stays until somebody looks. */
  urgent: boolean;
  /** What a button posts to, on the origin of the console: it acknowledges. */
  acknowledge?: string;
  /** A picture that the device fetches, on the origin of the console. */
  image?: string;
};
