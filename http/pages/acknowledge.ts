import { type Context, Hono } from 'hono';
import { ConflictError } from '../../app/commit.ts';
import { pageLinkKeys } from '../../app/page-link-keys.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import { acknowledgeByLink, type LinkState, linkState } from '../../app/respond/acknowledge-by-link.ts';
import { noteRefused } from '../../app/respond/note-refused.ts';
import { type AcknowledgeLink, openAcknowledge } from '../../core/response/paging/acknowledge-link.ts';
import { bodySize } from '../body-size.ts';
import type { HttpOptions } from '../options.ts';
import { addressOf, countTries } from '../sign-in/tries.ts';
import { retryAfterSeconds } from '../unavailable.ts';
import { confirmText, doneText, failedText, linkOpensNothing, stateText, tooManyText } from './acknowledge-texts.ts';
import { type Html, layout } from './layout.ts';

type Status = 200 | 403 | 404 | 409 | 429 | 503;

/** What a button gets for each state. A second tap of one's own is no failure. */
function statusOf(state: LinkState): Status {
  switch (state.kind) {
    case 'open':
      return 200;
    case 'acknowledged':
      return state.isOwn ? 200 : 409;
    case 'answered':
    case 'resolved':
    case 'ended since':
      return 409;
    case 'no incident':
      return 404;
    case 'no contact':
    case 'not allowed':
      return 403;
  }
}

/**
 * `/a/TOKEN`: asks whether to acknowledge, and the form of that page does. Mail scanners and
 * previews follow links, so looking changes nothing. The link is all that it takes.
 */
export function acknowledgeRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const tries = countTries();
  const app = new Hono();
  const page = (c: Context, title: string, content: Html, status: Status): Response | Promise<Response> =>
    c.html(layout({ title, now: now(), content }), status);

  const unavailable = (c: Context, token: string): Response | Promise<Response> => {
    c.header('Retry-After', String(retryAfterSeconds));
    return page(c, 'Not acknowledged', failedText(token), 503);
  };

  /** The link, or the page that says why there is none. */
  async function linkIn(c: Context): Promise<{ link: AcknowledgeLink } | { refused: Response | Promise<Response> }> {
    const token = c.req.param('token') ?? '';
    const keys = await pageLinkKeys(ports, 'acknowledge link');
    const { acknowledge, lasts } = ports.config.settings.pageLinks;
    if (keys?.ok === false) {
      ports.log('error', 'no link in a page can be checked', { why: keys.fault });
      return { refused: unavailable(c, token) };
    }
    const link = keys !== undefined && acknowledge ? openAcknowledge(keys.all, token, now(), lasts) : undefined;
    // Whatever others bring from the same address: a good link is never kept waiting.
    if (link !== undefined) return { link };
    const address = addressOf(c);
    const wait = tries.wait(address, now());
    if (wait !== undefined) {
      c.header('Retry-After', String(wait));
      return { refused: page(c, 'Wait', tooManyText(wait), 429) };
    }
    tries.wrong(address, now());
    return { refused: page(c, 'Not a link', linkOpensNothing(), 403) };
  }

  /** In the audit log, but for one that is tapped again and again. */
  async function note(c: Context, { incident, person, message }: Extract<LinkState, { kind: 'not allowed' }>): Promise<void> {
    const address = addressOf(c);
    if (tries.wait(address, now()) !== undefined) return;
    tries.wrong(address, now());
    await noteRefused(ports, 'acknowledge', person, message, now(), { incident: incident.id });
  }

  app.use('/a/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    c.header('X-Robots-Tag', 'noindex, nofollow');
    await next();
  });

  app.get('/a/:token', async (c) => {
    const found = await linkIn(c);
    if ('refused' in found) return found.refused;
    const state = await linkState(ports, found.link, now());
    if (state.kind === 'open') return page(c, 'Acknowledge', confirmText(state, c.req.param('token'), now()), 200);
    const status = statusOf(state);
    return page(c, 'Acknowledge', stateText(state), status === 409 ? 200 : status);
  });

  app.post('/a/:token', bodySize({ maxSize: 16 * 1024 }), async (c) => {
    const found = await linkIn(c);
    if ('refused' in found) return found.refused;
    try {
      const answer = await acknowledgeByLink(ports, found.link, now());
      if (answer.ok) return page(c, 'Acknowledged', doneText(answer.incident, answer.message), 200);
      const { state } = answer;
      const status = statusOf(state);
      if (state.kind === 'not allowed') await note(c, state);
      // It opened again in this very moment: another tap settles it.
      if (state.kind === 'open') return page(c, 'Acknowledge', confirmText(state, c.req.param('token'), now()), 409);
      return page(c, 'Acknowledge', stateText(state), status);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) && !(error instanceof ConflictError)) throw error;
      return unavailable(c, c.req.param('token'));
    }
  });
  return app;
}
