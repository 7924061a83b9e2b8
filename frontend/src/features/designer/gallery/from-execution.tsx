import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';

import { getExecution, executionsQuery, type Execution, type ExecutionKey } from '@/api/executions';
import { machineNamesQuery } from '@/api/state-machines';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/feedback';
import { statusWord } from '@/ui/status';

interface Props {
  /** What is chosen at first. */
  first: Partial<ExecutionKey>;
  onClose: () => void;
  onChosen: (execution: Execution) => void;
}

/** Chooses an execution: what it ran is what one begins from. */
export default function FromExecution({ first, onClose, onChosen }: Props) {
  const machines = useQuery(machineNamesQuery).data ?? [];
  const [machine, setMachine] = useState(first.machine ?? '');
  const chosenMachine = machine || (machines[0] ?? '');
  const executions = useInfiniteQuery({
    ...executionsQuery(chosenMachine, null),
    enabled: chosenMachine !== '',
  });
  const listed = executions.data?.pages.flatMap(({ results }) => results) ?? [];
  const [wanted, setWanted] = useState(first.name);
  const known = wanted !== undefined && listed.every(({ name }) => name !== wanted);
  const chosen = wanted ?? listed[0]?.name;
  const [busy, setBusy] = useState(false);
  const id = useId();
  const begin = async () => {
    if (chosen === undefined) return;
    setBusy(true);
    try {
      const key = { machine: chosenMachine, name: chosen };
      onChosen(await getExecution(key, new AbortController().signal));
    } catch (error) {
      toast('error', error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Begin from an execution"
      description="The definition that it ran becomes your draft, and its input the sample input."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <label className="field-label" htmlFor={`${id}-machine`}>
          State machine
        </label>
        <select
          id={`${id}-machine`}
          className="input"
          value={chosenMachine}
          data-testid="from-machine"
          onChange={({ target }) => {
            setMachine(target.value);
            setWanted(undefined);
          }}
        >
          {machine !== '' && !machines.includes(machine) && <option>{machine}</option>}
          {machines.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <label className="field-label" htmlFor={`${id}-execution`}>
          Execution
        </label>
        <select
          id={`${id}-execution`}
          className="input"
          value={chosen ?? ''}
          data-testid="from-execution"
          onChange={({ target }) => setWanted(target.value)}
        >
          {known && <option>{wanted}</option>}
          {listed.map(({ name, status, startDate }) => (
            <option key={name} value={name}>
              {`${name}, ${statusWord(status).toLowerCase()}, ${new Date(startDate).toLocaleString()}`}
            </option>
          ))}
        </select>
        {executions.hasNextPage && (
          <Button size="small" variant="ghost" onClick={() => void executions.fetchNextPage()}>
            Older executions
          </Button>
        )}
        {executions.isSuccess && listed.length === 0 && wanted === undefined && (
          <p className="muted">It has not been executed yet.</p>
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            disabled={busy || chosen === undefined}
            data-testid="from-submit"
          >
            Begin from it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
