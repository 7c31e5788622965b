/** The valid name that was probably meant, or undefined when none is near; upper and lower case count as the same. */
export declare function nearest(name: string, valid: Iterable<string>): string | undefined;
