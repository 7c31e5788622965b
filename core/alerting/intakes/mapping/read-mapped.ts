import type { Entry } from '../../../telemetry/samples/records.ts';
import { type Refused, refusals } from '../../../telemetry/samples/refusals.ts';
import { counted } from '../../../vocabulary/counted.ts';
import { shown, shownJson } from '../../../vocabulary/shown.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import { evaluate } from './expression.ts';
import { commonOf, MappingFault, mappedAlert } from './mapped-alert.ts';
import type { Mapping } from './mapping-schema.ts';
import { pointersOf } from './pointers.ts';

/** An element takes up to some 0.2 ms. */
export const mostElements = 2000;
const elementsInARow = 100;

/** `pointer`: where an element is in the message, if it was not made by the expression. */
export type MappedElement = { index: number; pointer?: string } & (
  | { ok: true; alert: AlertPayload }
  | { ok: false; error: string }
);

export type MappedRead = { ok: true; elements: MappedElement[] } | { ok: false; error: string };

/**
 * Reads one message by a mapping, in parts, so that other work can run in between. Each element is
 * refused alone. `pointed`: which elements are said where they are.
 */
export function* readMapped(
  mapping: Mapping,
  document: unknown,
  now: number,
  pointed: 'refused' | 'all' = 'refused',
): Generator<void, MappedRead> {
  const list = elementsOf(mapping, document);
  if (!list.ok) return list;
  const common = commonOf(mapping, document);
  if (!common.ok) return common;
  yield;
  const elements: MappedElement[] = [];
  for (const [index, element] of list.elements.entries()) {
    if (index % elementsInARow === elementsInARow - 1) yield;
    try {
      elements.push({ index, ok: true, alert: mappedAlert(mapping, element, common, now) });
    } catch (error) {
      if (!(error instanceof MappingFault)) throw error;
      elements.push({ index, ok: false, error: error.message });
    }
  }
  const isPointed = ({ index, ok }: MappedElement): boolean =>
    (pointed === 'all' || !ok) && typeof list.elements[index] === 'object' && list.elements[index] !== null;
  const pointers = yield* pointersOf(
    document,
    new Set(elements.filter(isPointed).map(({ index }) => list.elements[index] as object)),
  );
  for (const element of elements) {
    const pointer = isPointed(element) ? pointers.get(list.elements[element.index] as object) : undefined;
    if (pointer !== undefined) element.pointer = pointer;
  }
  return { ok: true, elements };
}

/** The same as intakes of other formats read it. */
export function parsedOf(elements: readonly MappedElement[]): { records: Entry<AlertPayload>[] } & Refused {
  const records: Entry<AlertPayload>[] = [];
  const refused = refusals();
  for (const element of elements) {
    if (element.ok) records.push({ index: element.index, value: element.alert });
    else refused.add(element.index, () => (element.pointer === undefined ? '' : `${element.pointer || '/'}: `) + element.error);
  }
  return { records, ...refused.all() };
}

function elementsOf({ each }: Mapping, document: unknown): { ok: true; elements: unknown[] } | { ok: false; error: string } {
  if (each === undefined) return bounded(Array.isArray(document) ? (document as unknown[]) : [document]);
  const read = evaluate(each, document);
  if (!read.ok) return { ok: false, error: `each: ${read.error}` };
  if (!Array.isArray(read.value))
    return { ok: false, error: `each: expected that ${shown(each)} gives a list; received ${shownJson(read.value)}` };
  return bounded(read.value as unknown[]);
}

const bounded = (elements: unknown[]): { ok: true; elements: unknown[] } | { ok: false; error: string } =>
  elements.length <= mostElements
    ? { ok: true, elements }
    : {
        ok: false,
        error: `expected at most ${counted(mostElements, 'alert')} in one message; received ${elements.length}; nothing was taken`,
      };
