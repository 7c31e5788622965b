import { useState } from 'preact/hooks';

/**
 * Something that is worked out on request, and changes nothing. What was answered last stays
 * meanwhile.
 */
export function useQuestion<T>(path: string): {
  answer: T | undefined;
  fault: string | undefined;
  isAsking: boolean;
  ask(body: object): Promise<void>;
} {
  const [answer, setAnswer] = useState<T>();
  const [fault, setFault] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  return {
    answer,
    fault,
    isAsking,
    async ask(body) {
      if (isAsking) return;
      setAsking(true);
      try {
        const response = await fetch(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(body),
        });
        const read = (await response.json()) as T & { error?: string };
        if (response.ok) setAnswer(read);
        setFault(response.ok ? undefined : (read.error ?? `the server answered ${response.status}`));
      } catch {
        setFault('Tocsin was not reached');
      } finally {
        setAsking(false);
      }
    },
  };
}
