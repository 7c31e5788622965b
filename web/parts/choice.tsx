/** One of a few, as buttons side by side. */
export function Choice<T extends string>(props: {
  label: string;
  choices: readonly { value: T; text: string; count?: number | undefined }[];
  value: T;
  choose(value: T): void;
}) {
  const { label, choices, value, choose } = props;
  return (
    <fieldset class="choice">
      <legend class="vh">{label}</legend>
      {choices.map((one) => (
        <button key={one.value} type="button" aria-pressed={one.value === value} onClick={() => choose(one.value)}>
          {one.text}
          {one.count === undefined ? null : <span class="dim3">{one.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}
