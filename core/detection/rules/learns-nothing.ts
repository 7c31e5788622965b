/** For rules whose reference is not in the points they judge. */
export const learnsNothing = {
  reach: () => undefined,
  learnsFrom: () => 0,
  remembers: () => 0,
  warmUp: () => undefined,
  readFrom: () => Number.POSITIVE_INFINITY,
  training: () => undefined,
  versionBefore: () => undefined,
};
