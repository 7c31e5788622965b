import * as z from 'zod';

export const predictionColumns = z.strictObject({
  id: z.string().optional().describe('Column with the prediction id, which later labels refer to.'),
  timestamp: z
    .string()
    .prefault('timestamp')
    .describe('Column with the time of the prediction (ISO 8601; UTC when no offset is given).'),
  timestampUnit: z
    .enum(['instant', 'seconds', 'year'])
    .prefault('instant')
    .describe(
      'What numbers in that column are. `instant`: milliseconds since the epoch. `seconds`: seconds since then. `year`: only a year; its rows are spread evenly over that year in file order.',
    ),
  prediction: z.string().prefault('prediction').describe('Column with the predicted class or value.'),
  score: z.string().optional().describe('Column with the score or probability of the prediction.'),
  value: z
    .string()
    .optional()
    .describe('Column with what is at stake in the prediction, for `value` of the source; called `value` by default.'),
  label: z.string().optional().describe('Column with the true outcome.'),
  version: z.string().optional().describe('Column with the version of the model.'),
  features: z.array(z.string()).optional().describe('Columns that are features; by default all other columns.'),
});
