import { counted } from '../vocabulary/counted.ts';
import type { Config } from './schema.ts';

/** `3 heartbeats`, `1 registry`: what a config may have beside rules, where it has any. */
export function alsoConfigured({ heartbeats, intakes, registries }: Config): string[] {
  const count = (things: object, one: string, many?: string): string[] => {
    const size = Object.keys(things).length;
    return size === 0 ? [] : [counted(size, one, many)];
  };
  return [...count(heartbeats, 'heartbeat'), ...count(intakes, 'intake'), ...count(registries, 'registry', 'registries')];
}
