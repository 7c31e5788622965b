import type { DeploymentView, Share } from './deployment.ts';

type Traffic = Pick<DeploymentView, 'current' | 'split'>;

/** Traffic shares, without versions that get none. */
export function sharesOf({ current, split }: Traffic): Share[] {
  const shares = (split ?? []).filter(({ weight }) => weight > 0);
  if (shares.length === 0) return [{ version: current, weight: 1 }];
  const others = shares.filter(({ version }) => version !== current).reduce((sum, { weight }) => sum + weight, 0);
  const isNamed = shares.some(({ version }) => version === current);
  return isNamed || others >= 1 ? shares : [{ version: current, weight: 1 - others }, ...shares];
}

/** A version's share of the traffic. */
export const shareOf = (traffic: Traffic, version: string): number =>
  sharesOf(traffic)
    .filter((share) => share.version === version)
    .reduce((sum, { weight }) => sum + weight, 0);

/** Versions tried beside the current one, most traffic first. */
export const canariesOf = (traffic: Traffic): Share[] =>
  sharesOf(traffic)
    .filter(({ version }) => version !== traffic.current)
    .toSorted((a, b) => b.weight - a.weight);

/** The version with more than half of the traffic, or undefined. */
export const mainOf = (traffic: Traffic): string | undefined => sharesOf(traffic).find(({ weight }) => weight > 0.5)?.version;

/** `3 has 5 % of the traffic` */
export const shareText = ({ version, weight }: Share): string => `${version} has ${formatShare(weight)} of the traffic`;

const formatShare = (weight: number): string => `${Number((100 * weight).toPrecision(3))} %`;
