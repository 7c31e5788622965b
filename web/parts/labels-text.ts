/** Labels as people type them: `rule=slow, model="a, b"`. */
export const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${/[,"\s]/.test(value) || value === '' ? JSON.stringify(value) : value}`)
    .join(', ');
