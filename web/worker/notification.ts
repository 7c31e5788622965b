import type { PushMessage } from '../../core/vocabulary/push-message.ts';

/** What a notification is shown with: the library of a page knows only some of it. */
export type Shown = {
  title: string;
  options: {
    body: string;
    icon: string;
    tag: string;
    renotify: boolean;
    requireInteraction: boolean;
    timestamp: number;
    data: { path: string; key: string; acknowledge?: string };
    image?: string;
    actions?: { action: 'acknowledge'; title: string }[];
  };
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** A message as Tocsin sends it; undefined for anything else, such as what a newer one sends. */
export function messageIn(text: string): PushMessage | undefined {
  try {
    const { v, kind, key, title, body, tag, path, at, urgent, acknowledge, image } = JSON.parse(text) as Partial<PushMessage>;
    const isKnown = v === 1 && (kind === 'page' || kind === 'digest' || kind === 'test') && typeof at === 'number';
    if (!isKnown || !isText(key) || !isText(title) || !isText(body) || !isText(tag) || !isText(path)) return undefined;
    return {
      ...{ v, kind, key, title, body, tag, path, at, urgent: urgent === true },
      ...(isText(acknowledge) && { acknowledge }),
      ...(isText(image) && { image }),
    };
  } catch {
    return undefined;
  }
}

/**
 * How a message is shown. A browser shows something for each message, or takes the subscription
 * away, so one that cannot be read says so. A message with the same tag replaces the one before; it
 * sounds again unless it is the same message once more.
 */
export function notificationOf(text: string, icon: string, shownKeys: readonly string[], now: number): Shown {
  const message = messageIn(text);
  if (message === undefined)
    return {
      title: 'Tocsin sent a page',
      options: {
        body: 'This browser has an older console and cannot show it. Open the console.',
        icon,
        tag: 'unreadable',
        renotify: true,
        requireInteraction: true,
        timestamp: now,
        data: { path: '/', key: '' },
      },
    };
  const { title, body, tag, path, key, at, urgent, acknowledge, image } = message;
  const isRepeat = shownKeys.includes(key);
  return {
    title,
    options: {
      body,
      icon,
      tag,
      renotify: !isRepeat,
      requireInteraction: urgent,
      timestamp: at,
      data: { path: ownPath(path), key, ...(acknowledge !== undefined && { acknowledge: ownPath(acknowledge) }) },
      ...(image !== undefined && { image: ownPath(image) }),
      ...(acknowledge !== undefined && { actions: [{ action: 'acknowledge', title: 'Acknowledge' }] }),
    },
  };
}

/** A path of this origin, whatever was sent: `//elsewhere` would be another one. */
export const ownPath = (path: unknown): string => (isText(path) && /^\/(?![/\\])/.test(path) ? path : '/');
