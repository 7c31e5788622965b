import type * as z from 'zod';
import type { AwsFault, AwsPermission } from '../../vocabulary/aws-permission.ts';

/**
 * What is known about a kind of rollback hook without calling it. Its adapter is in
 * adapters/hooks.ts. `H` is a hook of this kind; `Input` reads its value in the config.
 */
export type HookKindOf<H extends { kind: string }, Input extends z.ZodType = z.ZodType> = {
  input: Input;
  fromInput(written: z.output<Input>): H;
  /** Names of the secrets it needs. */
  secrets(hook: H): string[];
  permissions(hook: H): AwsPermission[];
  awsFault(hook: H): AwsFault | undefined;
};
