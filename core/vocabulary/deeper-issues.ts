import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * The faults inside a value that may be one of several things, if only one of them has the shape
 * that was written; otherwise the fault itself. `{ model: 5 }` is wrong in its `model`, and not as
 * a whole.
 */
export function deeperIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || !('errors' in issue)) return [issue];
  const inside = issue.errors.filter((faults) => faults.length > 0 && faults.every(({ path }) => path.length > 0));
  const [only] = inside;
  if (only === undefined || inside.length > 1) return [issue];
  return only.flatMap((fault) => deeperIssues({ ...fault, path: [...issue.path, ...fault.path] }));
}
