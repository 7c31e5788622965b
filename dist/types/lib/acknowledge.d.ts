import type { IConstruct } from 'constructs';
/** A finding of cdk-nag that stays, and why. Only these exist: a new finding fails the synthesis. */
export declare function acknowledge(scope: IConstruct, id: string, reason: string): void;
