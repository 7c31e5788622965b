/** Days that the chart shows, as the address names them. */
export const ranges = { '3d': 3, '14d': 14, '45d': 45 } as const;
export type Range = keyof typeof ranges;
