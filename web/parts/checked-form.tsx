import { useId, useState } from 'preact/hooks';
import { sayNow } from '../frame/announce.tsx';

/** What is wrong with a form, by field; in the order of the fields. */
export type Wrong<Field extends string> = Partial<Record<Field, string>>;

/**
 * Checks a form when it is sent. What is wrong is then told beside its field, and read with it; the
 * first wrong field gets the focus. Nothing is told before: half of a word is no mistake.
 */
export function useChecked<Field extends string>(wrong: Wrong<Field>) {
  const form = useId();
  const [isTold, tell] = useState(false);
  const idOf = (field: Field): string => `${form}-${field}`;
  const told: Wrong<Field> = isTold ? wrong : {};
  return {
    /** For the input. `hint`: the id of what describes it anyway. */
    field: (field: Field, hint?: string) => {
      const described = [hint, told[field] === undefined ? undefined : `${idOf(field)}-wrong`].filter((one) => one !== undefined);
      return {
        id: idOf(field),
        ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
        ...(told[field] === undefined ? {} : { 'aria-invalid': true as const }),
      };
    },
    idOf,
    /** What to show below the input. */
    error: (field: Field) =>
      told[field] === undefined ? null : (
        <p id={`${idOf(field)}-wrong`} class="small t-critical">
          {told[field]}
        </p>
      ),
    /** Whether it can be sent; if not, says why. `found`: if less than all of it counts now. */
    passes(found: Wrong<Field> = wrong): boolean {
      const [first] = Object.entries(found).filter(([, text]) => text !== undefined) as [Field, string][];
      tell(first !== undefined);
      if (first === undefined) return true;
      sayNow(first[1]);
      document.getElementById(idOf(first[0]))?.focus();
      return false;
    },
  };
}
