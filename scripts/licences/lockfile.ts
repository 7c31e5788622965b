import { isAccepted } from './accepted.ts';

type Locked = { version?: string; license?: string; dev?: boolean; devOptional?: boolean; link?: boolean };

/** Packages of a lockfile whose declared licence is not accepted, a line each. */
export function lockfileFaults(lockfile: string): { packages: number; faults: string[] } {
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, Locked> };
  const locked = Object.entries(packages).filter(([path, { link }]) => path !== '' && link !== true);
  const faults = locked.flatMap(([path, { version, license, dev, devOptional }]) => {
    const of = path.replace(/^.*node_modules\//, '');
    const name = `${of} ${version ?? ''}`.trim();
    const use = dev === true || devOptional === true ? 'development' : 'shipped';
    if (license === undefined) return [`${name} declares no licence`];
    return isAccepted(license, use, of) ? [] : [`${name} is under ${license}, which is not accepted for what is ${inWords[use]}`];
  });
  return { packages: locked.length, faults };
}

const inWords = { shipped: 'shipped', development: 'used in development' };
