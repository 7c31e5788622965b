/** A sleep that can be ended early. Ringing while nobody sleeps skips the next sleep. */
export type AlarmClock = { sleep(ms: number): Promise<void>; ring(): void };

export function alarmClock(): AlarmClock {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    async sleep(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, ms));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      rung = false;
    },
    ring() {
      rung = true;
      wake?.();
    },
  };
}
