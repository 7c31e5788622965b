import * as z from 'zod';

export const scheduleZoneSchema = z
  .object({ name: z.string(), timezone: z.string() })
  .meta({ id: 'ScheduleZone', description: 'A schedule, and the time zone of its people.' });
