import type { ComponentType } from 'preact';
import lazy from 'preact-iso/lazy';
import { type ConsolePath, consolePaths } from '../../http/console/paths.ts';
import type { IconName } from './icons.tsx';
import { patiently } from './late-screen.tsx';

type Load = () => Promise<{ default: ComponentType }>;

/** A screen: its title, and what loads it. */
export type Screen = {
  title: string;
  load: Load;
  /** Its lists can be narrowed to a team. */
  isScoped?: true;
  /** How the rail and the palette name it; left out for screens that are opened from others. */
  nav?: { icon: IconName; group?: 'Explore' | 'Change' | 'People' | 'Tocsin' /** The letter after `G`. */; key: string };
};

const table: Readonly<Record<ConsolePath, Screen>> = {
  '/': { title: 'Now', load: () => import('../screens/now/index.tsx'), isScoped: true, nav: { icon: 'now', key: 'n' } },
  '/rules': {
    title: 'Rules',
    load: () => import('../screens/rules/index.tsx'),
    isScoped: true,
    nav: { icon: 'rules', key: 'r' },
  },
  '/rules/:id': { title: 'Rule', load: () => import('../screens/rule/index.tsx') },
  '/rules/:id/series/:key': { title: 'Series of a rule', load: () => import('../screens/rule/index.tsx') },
  '/incidents': {
    title: 'Incidents',
    load: () => import('../screens/incidents/index.tsx'),
    isScoped: true,
    nav: { icon: 'incidents', key: 'i' },
  },
  '/features': {
    title: 'Features',
    load: () => import('../screens/features/index.tsx'),
    isScoped: true,
    nav: { icon: 'features', group: 'Explore', key: 'f' },
  },
  '/features/:model': { title: 'Features', load: () => import('../screens/features/index.tsx') },
  '/features/:model/:feature': { title: 'Features', load: () => import('../screens/features/index.tsx') },
  '/models': {
    title: 'Models',
    load: () => import('../screens/models/index.tsx'),
    isScoped: true,
    nav: { icon: 'models', group: 'Explore', key: 'm' },
  },
  '/models/:model': { title: 'Models', load: () => import('../screens/models/index.tsx') },
  '/changes': {
    title: 'Changes',
    load: () => import('../screens/changes/index.tsx'),
    isScoped: true,
    nav: { icon: 'changes', group: 'Change', key: 'c' },
  },
  '/deployments': {
    title: 'Deployments',
    load: () => import('../screens/deployments/index.tsx'),
    nav: { icon: 'deployments', group: 'Change', key: 'd' },
  },
  '/heartbeats': {
    title: 'Heartbeats',
    load: () => import('../screens/heartbeats/index.tsx'),
    nav: { icon: 'heartbeats', group: 'Explore', key: 'h' },
  },
  '/oncall': {
    title: 'On call',
    load: () => import('../screens/oncall/index.tsx'),
    nav: { icon: 'oncall', group: 'People', key: 'o' },
  },
  '/oncall/:schedule': { title: 'On call', load: () => import('../screens/oncall/index.tsx') },
  '/silences': {
    title: 'Silences and routes',
    load: () => import('../screens/silences/index.tsx'),
    nav: { icon: 'silences', group: 'People', key: 's' },
  },
  '/digest': {
    title: 'Digest',
    load: () => import('../screens/digest/index.tsx'),
    nav: { icon: 'digest', group: 'People', key: 'w' },
  },
  '/audit': {
    title: 'Audit log',
    load: () => import('../screens/audit/index.tsx'),
    nav: { icon: 'audit', group: 'Tocsin', key: 'a' },
  },
  '/settings': {
    title: 'Settings',
    load: () => import('../screens/settings/index.tsx'),
    nav: { icon: 'settings', group: 'Tocsin', key: 'e' },
  },
  '/incidents/:id': { title: 'Incident', load: () => import('../screens/incident/index.tsx') },
  '/runbooks/:name': { title: 'Runbook', load: () => import('../screens/runbook/index.tsx') },
};

export const screens = consolePaths.map((path) => ({
  path,
  ...table[path],
  view: lazy(patiently(table[path].load, table[path].title)),
}));

export type ScreenEntry = (typeof screens)[number];

/** The screen at an address; `/rules/:id` matches `/rules/x` and no more. */
export const screenAt = (address: string): ScreenEntry | undefined =>
  screens.find(({ path }) => {
    const [wanted, given] = [path.split('/'), address.replace(/(.)\/$/, '$1').split('/')];
    return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index]);
  });
