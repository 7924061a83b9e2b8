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

import { answersOf, filledAtFirst, missing, type Filled } from './answers';

function Field({
  field,
  value,
  onChange,
}: {
  field: ApprovalField;
  value: string | boolean;
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
        if (lacking.length === 0) deed.mutate('APPROVED');
      }}
    >
      {approval.form.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={filled[field.name] ?? ''}
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
          disabled={deed.isPending || lacking.length > 0}
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
