/**
 * Who shares rules, store and delivery with the team and is none of its business: alerts and incidents of a tenant live by a
 * config of their own, neither mute nor join those of others, and are in no list and no count unless they are asked for.
 */
export const tenants = ['synthetic'] as const;

export type Tenant = (typeof tenants)[number];

/** Names of a config hold no colon, so none of them can be this: it names source, rule, group, policy and channel at once. */
export const tenantName = (tenant: Tenant): string => `tocsin:${tenant}`;

/** What belongs to the team itself. */
export const isOwn = ({ tenant }: { tenant?: Tenant | undefined }): boolean => tenant === undefined;
