import type * as z from 'zod';
import type { AwsFault, AwsPermission } from '../../vocabulary/aws-permission.ts';

/**
 * What is known of one kind of rollback hook without asking it. Its adapter is in the table of adapters/hooks.ts.
 * `H`: a hook of the kind. `Input`: reads what the config says under the name of the kind.
 */
export type HookKindOf<H extends { kind: string }, Input extends z.ZodType = z.ZodType> = {
  input: Input;
  fromInput(written: z.output<Input>): H;
  /** Names of the secrets that calling it takes. */
  secrets(hook: H): string[];
  permissions(hook: H): AwsPermission[];
  awsFault(hook: H): AwsFault | undefined;
};
