import { judgeNow } from '../../app/evaluate/judge-now.ts';
import type { Parts } from '../options.ts';
import { ingestPart } from './ingest.ts';
import { peoplePart } from './people.ts';
import { slackPart } from './slack.ts';

/** All parts, for one machine, which judges itself. */
export const allParts: Parts = { ingest: ingestPart, slack: slackPart, people: peoplePart(judgeNow) };
