import { IngestError } from '../../app/ingest/ingest-result.ts';
import type { IngestBody } from '../../app/ingest/read-body.ts';

/** One short JSON document, whatever its content type. Throws IngestError. */
export function readJson({ text, isUtf8 }: Pick<IngestBody, 'text' | 'isUtf8'>): unknown {
  if (isUtf8 === false) throw new IngestError('body', 'expected JSON in UTF-8; received other bytes');
  try {
    return JSON.parse(text);
  } catch {
    throw new IngestError('body', `expected JSON; received ${text.trim() === '' ? 'an empty body' : 'text that is none'}`);
  }
}
