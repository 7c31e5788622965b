/**
 * The addresses of the console's screens, in the order in which they are matched, and the folder in
 * web/screens of each. The console has a screen for each; the server sends the console at those
 * that are no page of their own.
 */
export const screenFolders = {
  '/': 'now',
  '/incidents': 'incidents',
  '/incidents/:id': 'incident',
  '/runbooks/:name': 'runbook',
  '/rules': 'rules',
  '/rules/:id': 'rule',
  '/rules/:id/series/:key': 'rule',
  '/features': 'features',
  '/features/:model': 'features',
  '/features/:model/:feature': 'features',
  '/models': 'models',
  '/models/:model': 'models',
  '/changes': 'changes',
  '/deployments': 'deployments',
  '/heartbeats': 'heartbeats',
  '/oncall': 'oncall',
  '/oncall/:schedule': 'oncall',
  '/silences': 'silences',
  '/digest': 'digest',
  '/audit': 'audit',
  '/settings': 'settings',
} as const;

export type ConsolePath = keyof typeof screenFolders;

export const consolePaths = Object.keys(screenFolders) as ConsolePath[];
