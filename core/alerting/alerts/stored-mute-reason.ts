import * as z from 'zod';
import { text } from '../../vocabulary/stored-parts.ts';
import { muters } from './mute-reason.ts';

export const storedMuteReason = z.object({ by: z.enum(muters), text });
