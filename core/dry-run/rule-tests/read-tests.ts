import { type ConfigError, pathText } from '../../config/config-error.ts';
import { type ConfigDocument, type ConfigFile, readDocument } from '../../config/document.ts';
import { oddNumbers } from '../../config/odd-numbers.ts';
import type { Config } from '../../config/schema.ts';
import { isResting } from '../../detection/rules/rule-schema.ts';
import { nearest } from '../../vocabulary/nearest.ts';
import type { Path } from '../../vocabulary/report.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { type RuleTest, testFileSchema } from './test-schema.ts';

export type ReadTests = { ok: true; tests: RuleTest[]; document: ConfigDocument } | { ok: false; errors: ConfigError[] };

/** Reads a test file for this config's rules. Returns either all tests or all errors. */
export function readTests(file: ConfigFile, config: Pick<Config, 'rules'>): ReadTests {
  const read = readDocument(file);
  if (!read.ok) return read;
  const { document } = read;
  const parsed = testFileSchema.safeParse(document.value ?? {});
  const errors: ConfigError[] = [];
  const report = (path: Path, what: 'key' | 'value', message: string, suggestion?: string): void => {
    errors.push({ ...document.placeOf(path, what), path: pathText(path), message, ...(suggestion ? { suggestion } : {}) });
  };
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      // For a union, the error of the branch that was meant is more useful than "no branch
      // matches".
      const inner = issue.code === 'invalid_union' ? issue.errors.flat().find(({ code }) => code === 'custom') : undefined;
      report(
        unknown === undefined ? path : [...path, unknown],
        unknown === undefined ? 'value' : 'key',
        `${pathText(path)}: ${inner?.message ?? issue.message}`,
      );
    }
    return { ok: false, errors };
  }
  errors.push(...oddNumbers(document));
  for (const [index, test] of parsed.data.tests.entries()) checkNames(test, ['tests', index], config, report);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, tests: parsed.data.tests, document };
}

/**
 * Every series and expectation must name an existing rule. Composite rules have no series of their
 * own.
 */
function checkNames(
  test: RuleTest,
  path: Path,
  { rules }: Pick<Config, 'rules'>,
  report: (path: Path, what: 'key' | 'value', message: string, suggestion?: string) => void,
): void {
  const check = (id: string | undefined, at: Path, isSeries: boolean): void => {
    const rule = id !== undefined && Object.hasOwn(rules, id) ? rules[id] : undefined;
    if (id === undefined) {
      report(at, 'value', `${pathText(at)}: expected the name of a rule, here or for the whole test`);
    } else if (rule === undefined) {
      report(at, 'value', `the config has no rule ${JSON.stringify(id)}`, nearest(id, Object.keys(rules)));
    } else if (isSeries && isResting(rule)) {
      report(at, 'value', `${id} is a composite rule: give series to the rules it names`);
    } else if (isSeries && test.start % rule.step !== 0) {
      const message = `expected a start on a step of ${id}, which is ${formatDuration(rule.step)}; received ${new Date(test.start).toISOString()}`;
      report([...path, 'start'], 'value', message);
    }
  };
  if (test.rule !== undefined) check(test.rule, [...path, 'rule'], false);
  for (const [index, one] of test.series.entries()) {
    if (one.rule !== undefined || test.rule === undefined || rules[test.rule] !== undefined)
      check(one.rule ?? test.rule, [...path, 'series', index, ...(one.rule === undefined ? [] : ['rule'])], true);
  }
  for (const [index, one] of test.expect.entries()) {
    if (one.rule !== undefined || test.rule === undefined)
      check(one.rule, [...path, 'expect', index, ...(one.rule === undefined ? [] : ['rule'])], false);
  }
}
