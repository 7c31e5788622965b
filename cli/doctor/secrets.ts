import type { Secrets } from '../../app/ports/secrets.ts';
import type { Config } from '../../core/config/schema.ts';
import { secretsOf } from '../../core/dry-run/cost/secrets.ts';
import { exampleSecret } from '../../local/example-secret.ts';
import { checked, type Finding } from './finding.ts';

/** Whether every secret in the config has a value; `where` says where they are stored. */
export async function checkSecrets(config: Config, secrets: Secrets, where: (name: string) => string): Promise<Finding[]> {
  const names = secretsOf(config);
  if (names.length === 0) return [{ area: 'secrets', what: 'secrets', state: 'ok', found: 'the config names none' }];
  return Promise.all(
    names.map((name) => {
      const at = { area: 'secrets', what: name } as const;
      const todo = `store its value ${where(name)}`;
      const unread = 'check AWS credentials, region (AWS_REGION) and permission to read it';
      return checked(at, unread, async () => {
        const value = await secrets.get(name);
        if ((value === undefined || value === '') && name === exampleSecret)
          return { ...at, state: 'skipped', found: 'has no value; `npm start` makes one for the example' };
        if (value === undefined || value === '') return { ...at, state: 'failed', found: 'has no value', todo };
        if (value.trim() === value) return { ...at, state: 'ok', found: 'has a value' };
        return {
          ...at,
          state: 'warn',
          found: 'its value starts or ends with a space or line break',
          todo: 'store it without that',
        };
      });
    }),
  );
}
