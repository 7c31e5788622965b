/** One thing that must hold; later steps build on it. */
export type Step = { name: string; work: () => Promise<void> };

/**
 * Runs steps in order and reports each. After a failure the rest is not run, and counts as failed.
 */
export async function runSteps(steps: readonly Step[]): Promise<{ passed: number; failed: number; error?: unknown }> {
  let passed = 0;
  for (const { name, work } of steps) {
    const started = performance.now();
    const took = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    try {
      await work();
    } catch (error) {
      process.stdout.write(`not ok  ${name} (${took()})\n`);
      for (const rest of steps.slice(passed + 1)) process.stdout.write(`not run ${rest.name}\n`);
      return { passed, failed: steps.length - passed, error };
    }
    process.stdout.write(`ok      ${name} (${took()})\n`);
    passed += 1;
  }
  return { passed, failed: 0 };
}
