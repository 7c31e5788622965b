import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { runbookSchema } from '../../api/dto/runbook.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { look } from '../people.ts';

export const runbookPaths: ZodOpenApiPathsObject = {
  '/api/runbooks/{name}': {
    get: look({
      operationId: 'showRunbook',
      tags: ['Incidents'],
      summary: 'Show a runbook, as text and as steps',
      requestParams: { path: z.object({ name: z.string().meta({ examples: ['accuracy-drop'] }) }) },
      responses: {
        '200': json(runbookSchema, 'The runbook.', {
          ...{ at, name: 'accuracy-drop', title: 'The accuracy has dropped', categories: ['performance'] },
          markdown: '## First five minutes\n\n1. Acknowledge the incident.\n2. Open its timeline.\n',
          sections: [{ title: 'First five minutes', steps: ['Acknowledge the incident.', 'Open its timeline.'] }],
        }),
        '404': refusal('There is no such runbook.', 'there is no runbook "acuracy-drop"; did you mean accuracy-drop?'),
      },
    }),
  },
};
