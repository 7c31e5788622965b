import { useEffect, useRef, useState } from 'preact/hooks';

const settleMs = 250;

/**
 * A field that narrows a list. What is typed goes into the address once it settles. `/` goes to it.
 */
export function FilterField({ label, value, change }: { label: string; value: string; change(value: string): void }) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // An address that was changed by something else, such as Back.
  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      data-filter
      aria-label={label}
      placeholder={label}
      value={typed}
      onInput={({ currentTarget }) => {
        setTyped(currentTarget.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => change(currentTarget.value.trim()), settleMs);
      }}
    />
  );
}
