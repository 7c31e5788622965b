/** JSON has no infinity and no NaN: relative to a baseline of 0 there is no degradation. */
export const finite = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);
