import type { Routed } from '../../alerting/routes/route.ts';
import type { Target } from './policy-schema.ts';

/** Where the routes send an incident, at one severity. */
export type RoutedTo = Pick<Routed<Target>, 'path' | 'policy' | 'tell'>;
