import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { Execution } from '@/api/executions';
import { stateMachineQuery } from '@/api/state-machines';
import { CopyButton, DownloadButton } from '@/ui/feedback';
import { Dialog } from '@/ui/dialog';
import { prettyJson } from '@/ui/json-text';

interface Props {
  execution: Execution;
  open: boolean;
  onClose: () => void;
}

/** The definition that an execution runs, which may be older than what the state machine has now. */
export default function DefinitionDialog({ execution, open, onClose }: Props) {
  const machine = execution.stateMachineName;
  const { data: current } = useQuery({ ...stateMachineQuery(machine), enabled: open });
  const text = prettyJson(execution.definition);
  const isCurrent = current?.revisionId === execution.revisionId;
  const { stateMachineVersion: version, stateMachineAlias: alias } = execution;
  const startedBy =
    alias !== null
      ? `Started by the alias ${alias}, version ${version}. `
      : version !== null
        ? `Started by version ${version}. `
        : '';
  const age =
    current === undefined
      ? ''
      : isCurrent
        ? 'It is what the state machine has now.'
        : 'The state machine has another definition by now.';
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="The definition that ran"
      description={`${startedBy}${age}`}
      wide
    >
      <div className="definition-ran">
        <span className="definition-ran-actions">
          <CopyButton text={execution.definition} label="Copy definition" />
          <DownloadButton text={text} name={`${machine}.asl.json`} label="Download definition" />
        </span>
        {/* A region that scrolls must be reachable with the keyboard. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} data-testid="definition-ran" data-current={isCurrent}>
          {text}
        </pre>
      </div>
      <div className="dialog-actions">
        <Link
          className="button button-secondary button-medium"
          to="/new"
          search={{ machine, execution: execution.name }}
          data-testid="begin-from-execution"
        >
          Begin a workflow from it
        </Link>
        <Link
          className="button button-secondary button-medium"
          to="/state-machines/$name/edit"
          params={{ name: machine }}
        >
          Edit the present one
        </Link>
      </div>
    </Dialog>
  );
}
