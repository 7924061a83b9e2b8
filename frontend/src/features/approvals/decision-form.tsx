import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useId, useState } from 'react';

import {
  approvalsChanged,
  decideApproval,
  type Approval,
  type ApprovalField,
  type Decision,
} from '@/api/approvals';
import { Button } from '@/ui/button';

import { answersOf, filledAtFirst, isNoNumber, missing, type Filled } from './answers';

function Field({
  field,
  value,
  problem,
  onChange,
}: {
  field: ApprovalField;
  value: string | boolean;
  problem: string | null;
  onChange: (value: string | boolean) => void;
}) {
  const id = useId();
  const { type, label, required, choices, name } = field;
  if (type === 'boolean') {
    return (
      <label className="approval-check">
        <input
          type="checkbox"
          checked={value === true}
          data-testid="approval-field"
          data-name={name}
          onChange={({ target }) => onChange(target.checked)}
        />
        {label}
      </label>
    );
  }
  const same = {
    id,
    className: 'input',
    value: String(value),
    'data-testid': 'approval-field',
    'data-name': name,
    'aria-invalid': problem === null ? undefined : true,
    'aria-describedby': problem === null ? undefined : `${id}-problem`,
  };
  return (
    <div className="approval-field">
      <label htmlFor={id}>
        {label}
        {required && <span className="muted"> required to approve</span>}
      </label>
      {type === 'choice' ? (
        <select {...same} onChange={({ target }) => onChange(target.value)}>
          <option value="" />
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          {...same}
          type={type === 'date' ? 'date' : 'text'}
          inputMode={type === 'number' ? 'decimal' : 'text'}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {problem !== null && (
        <p className="field-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

/** The form of an open approval, with its two buttons. */
export function DecisionForm({ approval }: { approval: Approval }) {
  const queries = useQueryClient();
  const [filled, setFilled] = useState<Filled>(() => filledAtFirst(approval.form));
  const [reason, setReason] = useState('');
  const reasonId = useId();
  const lacking = missing(approval.form, filled);
  const wrong = approval.form.filter((field) => isNoNumber(field, filled));
  const incomplete = lacking.length > 0 || wrong.length > 0;
  const deed = useMutation({
    mutationFn: (decision: Decision) =>
      decideApproval(approval.id, decision, reason.trim(), answersOf(approval.form, filled)),
    // Also when it was too late: then the page must say who was first.
    onSettled: () => approvalsChanged(queries),
  });
  return (
    <form
      className="approval-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!incomplete) deed.mutate('APPROVED');
      }}
    >
      {approval.form.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={filled[field.name] ?? ''}
          problem={wrong.includes(field) ? 'This is to be a number, as 1200 or 12.5' : null}
          onChange={(value) => setFilled((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <div className="approval-field">
        <label htmlFor={reasonId}>Reason</label>
        <textarea
          id={reasonId}
          className="input approval-reason"
          value={reason}
          maxLength={2000}
          data-testid="approval-reason"
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
      <p className="field-error" role="alert">
        {deed.error?.message}
      </p>
      <div className="approval-buttons">
        <Button
          type="submit"
          variant="primary"
          disabled={deed.isPending || incomplete}
          title={lacking.length > 0 ? `Fill in: ${lacking.join(', ')}` : undefined}
          data-testid="approve"
        >
          <Check />
          Approve
        </Button>
        <Button
          variant="danger"
          disabled={deed.isPending}
          onClick={() => deed.mutate('REJECTED')}
          data-testid="reject"
        >
          <X />
          Reject
        </Button>
      </div>
    </form>
  );
}
