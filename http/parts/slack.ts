import type { Hono } from 'hono';
import type { HttpOptions } from '../options.ts';
import { slackRoutes } from '../slack.ts';

/** What Slack calls: buttons and the slash command. */
export function slackPart(app: Hono, options: HttpOptions): void {
  app.route('/slack', slackRoutes(options));
}
