/**
 * Somebody who shares rules, store and delivery with the team but is not part of it. A tenant's
 * alerts and incidents use a config of their own. They neither mute nor join others, and appear in
 * lists and counts only on request.
 */
export const tenants = ['synthetic'] as const;

export type Tenant = (typeof tenants)[number];

/**
 * Config names contain no colon, so this cannot clash. It names source, rule, group, policy and
 * channel alike.
 */
export const tenantName = (tenant: Tenant): string => `tocsin:${tenant}`;

/** Whether something belongs to the team itself, not to a tenant. */
export const isOwn = ({ tenant }: { tenant?: Tenant | undefined }): boolean => tenant === undefined;
