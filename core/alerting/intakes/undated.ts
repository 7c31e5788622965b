/** What is longer is left as it is behind that: a key of S3 has 1,024 bytes. */
const longestRead = 4096;

/**
 * A name without the day, the time and the id of one run: `orders/2026-11-28.parquet` and
 * `orders/2026-11-29.parquet` are both `orders/{date}.parquet`, or tomorrow's run would never end
 * what today's began.
 */
export const undated = (name: string): string =>
  name
    .slice(0, longestRead)
    .replace(/(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])/gi, '{id}')
    .replace(/(?<!\d)(?:19|20)\d\d([-_/]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?:T[\d:.+-]+Z?)?(?!\d)/g, '{date}') +
  name.slice(longestRead);

/**
 * The same, also without a time of the day as people and SDKs write it: `train 2026-11-28 03-00-00`
 * is `train {date} {time}`.
 */
export const untimed = (name: string): string =>
  undated(name)
    .replace(/(?<=\{date\}[ _-]?)\d{4}(?:\d\d)?(?!\d)/g, '{time}')
    .replace(/(?<!\d)(?:[01]\d|2[0-3])([-:_])[0-5]\d\1[0-5]\d(?:\.\d{1,9})?(?!\d)/g, '{time}');
