import { Command } from 'commander';
import { configJsonSchema } from '../core/config/json-schema.ts';

export function schemaCommand(): Command {
  return new Command('schema').description('print the JSON Schema of the config').action(() => {
    process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  });
}
