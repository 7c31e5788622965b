import {
  ArityError,
  JMESPathError,
  JMESPathTypeError,
  search,
  UnknownFunctionError,
  VariadicArityError,
} from '@aws-lambda-powertools/jmespath';
import { nearest } from '../../../vocabulary/nearest.ts';
import { functionNames, MappingFunctions } from './functions.ts';

/** The most characters of an expression. */
const longestExpression = 1000;

const options = { customFunctions: new MappingFunctions() };

export type Evaluated = { ok: true; value: unknown } | { ok: false; error: string };

/**
 * What an expression (JMESPath) says of a value. It always ends: the language has no loops, no
 * recursion, no patterns and no names for what is outside of the value at hand. Never throws.
 */
export function evaluate(expression: string, value: unknown): Evaluated {
  try {
    return { ok: true, value: search(expression, value as Parameters<typeof search>[1], options) ?? null };
  } catch (error) {
    return { ok: false, error: wordsOf(error) };
  }
}

/** What is wrong with an expression whatever it is asked about, or undefined. */
export function expressionFault(expression: string): string | undefined {
  if (expression.trim() === '') return 'expected an expression, not empty';
  if (expression.length > longestExpression) return `expected an expression of at most ${longestExpression} characters`;
  const unknown = calledIn(expression).find((called) => !functionNames.includes(called));
  if (unknown !== undefined) {
    const near = nearest(unknown, functionNames);
    return `expected a function that there is; received ${unknown}()${near === undefined ? '' : `; did you mean ${near}()?`}`;
  }
  try {
    search(expression, {}, options);
    return undefined;
  } catch (error) {
    // What is missing from an empty object may be there in a message.
    return error instanceof JMESPathTypeError ? undefined : `expected an expression in JMESPath: ${wordsOf(error)}`;
  }
}

/**
 * The functions that are called, wherever: those in a projection are not reached without a value.
 */
function calledIn(expression: string): string[] {
  const bare = expression.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g, ' ');
  return [...bare.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map(([, called = '']) => called);
}

function wordsOf(error: unknown): string {
  if (error instanceof RangeError) return 'what it is asked about is nested too deeply';
  if (!(error instanceof JMESPathError)) return 'this cannot be read; names such as constructor go between quotes: "constructor"';
  const [first = ''] = error.message.split(' in expression: ', 1);
  const isCall =
    error instanceof JMESPathTypeError ||
    error instanceof ArityError ||
    error instanceof VariadicArityError ||
    error instanceof UnknownFunctionError;
  const words = isCall ? first : first.replace(/^(Invalid|Bad) jmespath expression: /, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}
