import { useEffect } from 'react';

import { findState } from '@/asl/edit/scopes';
import { foldEvents } from '@/history/fold';
import { prettyJson } from '@/ui/json-text';

import { useEditor } from '../editor-store';
import { TextField } from '../inspector/controls';
import { jsonProblem } from '../inspector/written';
import { MockEditor } from './mock-editor';
import { PerformButton } from './perform-button';
import { RunBar } from './run-bar';
import { useRunInput } from './run-input';
import { StageList } from './stage-list';
import { useTrial } from './trial-store';
import { useTestedState } from './use-tested-state';
import './trial.css';

/** States whose result comes from elsewhere, and can be chosen instead. */
const HAS_WORK = new Set(['Task', 'Parallel', 'Map']);

/** What reached the state when the whole was run last, as JSON text. */
function reached(state: string): string | null {
  const { run } = useTrial.getState();
  if (!run) return null;
  const input = foldEvents(run.events).visits.find(({ name }) => name === state)?.input;
  return input == null ? null : prettyJson(input);
}

function StateData({ machine, state }: { machine: string; state: string }) {
  const written = useTrial(({ inputs }) =>
    Object.hasOwn(inputs, state) ? inputs[state] : undefined,
  );
  const run = useTrial((trial) => trial.run);
  const whole = useRunInput();
  const isFirst = useEditor(({ document }) => document.definition.StartAt === state);
  const input = written ?? (run && reached(state)) ?? (isFirst ? whole : '{}');
  const tried = useTestedState(machine, state, input);
  const type = useEditor(({ document }) => findState(document.definition, state)?.state.Type);
  const { put } = useTrial.getState();
  return (
    <>
      <div className="trial-given">
        <TextField
          label="Its input"
          lines={4}
          value={input}
          check={jsonProblem}
          testId="trial-input"
          onCommit={(text) => put({ inputs: { ...useTrial.getState().inputs, [state]: text } })}
        />
        {type !== undefined && HAS_WORK.has(type) && <MockEditor machine={machine} state={state} />}
      </div>
      <StageList
        {...tried}
        perform={type === 'Task' && <PerformButton state={state} input={input} />}
      />
    </>
  );
}

function WholeData() {
  const input = useRunInput();
  const run = useTrial((state) => state.run);
  return (
    <>
      <div className="trial-given">
        <TextField
          label="Input"
          lines={6}
          value={input}
          check={jsonProblem}
          testId="run-input"
          onCommit={(text) => useTrial.getState().put({ input: text })}
        />
      </div>
      <p className="muted trial-failure">
        {run?.output ??
          'Select a state to see its data at every stage. A run of the draft calls nothing: states give what is chosen for them, and Waits take no time.'}
      </p>
    </>
  );
}

/** What the chosen state does to its data, while it is edited; and the whole draft, run on mocks. */
export default function DataPanel({ machine }: { machine: string }) {
  const selected = useEditor(({ document }) => document.selected.at(-1));
  const exists = useEditor(
    ({ document }) => selected !== undefined && document.definition.States !== undefined,
  );
  useEffect(() => useTrial.getState().open(machine), [machine]);
  return (
    <div className="trial" data-testid="data-panel">
      <RunBar machine={machine} />
      <div className="trial-body">
        {exists && selected !== undefined ? (
          <StateData key={selected} machine={machine} state={selected} />
        ) : (
          <WholeData />
        )}
      </div>
    </div>
  );
}
