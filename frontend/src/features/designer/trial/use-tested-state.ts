import { useEffect, useState } from 'react';

import { testState, type TestedState } from '@/api/trials';

import { useEditor } from '../editor-store';
import { firstOf, mockOf } from './mocks';
import { useChoice } from './trial-store';
import { useMocksOf } from './use-mocks';

/** Editing pauses this long before the state is tried again, in milliseconds. */
const PAUSE = 250;

export interface Tried {
  tested: TestedState | null;
  failure: string | null;
  /** What is shown is of an earlier edit. */
  pending: boolean;
}

/** The chosen state with an input, tried by the server after each edit. Nothing outside is called. */
export function useTestedState(machine: string, state: string, input: string): Tried {
  const definition = useEditor(({ document }) => document.definition);
  const choice = useChoice(state);
  const saved = useMocksOf(machine, state).find(
    ({ name }) => choice.kind === 'saved' && name === choice.name,
  );
  const [tried, setTried] = useState<Tried>({ tested: null, failure: null, pending: true });
  const given =
    choice.kind === 'typed' ? choice.given : saved === undefined ? null : firstOf(saved.response);
  const mock = JSON.stringify(given && mockOf(given));
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(() => {
      setTried((before) => ({ ...before, pending: true }));
      const sent = JSON.parse(mock) as ReturnType<typeof mockOf>;
      const body = {
        definition: JSON.stringify(definition),
        stateName: state,
        input,
        ...(sent && { mock: sent }),
      };
      testState(body, control.signal)
        .then((tested) => setTried({ tested, failure: null, pending: false }))
        .catch((error: unknown) => {
          if (control.signal.aborted) return;
          const failure = error instanceof Error ? error.message : String(error);
          setTried({ tested: null, failure, pending: false });
        });
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [definition, state, input, mock]);
  return tried;
}
