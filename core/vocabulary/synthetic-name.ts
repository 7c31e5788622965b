/** Names of a config hold no colon, so none of them can be this: it names source, rule, group, policy and channel at once. */
export const syntheticName = 'tocsin:synthetic';
