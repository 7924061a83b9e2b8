import { TextField } from '@/ui/text-field';

/** Why executions are stopped, as their histories will tell. */
export interface StopReason {
  error: string;
  cause: string;
}

/** The error and the cause that an execution is stopped with, both optional. */
export function StopFields({
  reason,
  onChange,
}: {
  reason: StopReason;
  onChange: (reason: StopReason) => void;
}) {
  return (
    <>
      <TextField
        label="Error"
        note="optional"
        className="mono"
        maxLength={256}
        value={reason.error}
        onChange={(error) => onChange({ ...reason, error })}
        testId="stop-error"
      />
      <TextField
        label="Cause"
        note="optional, for those who read the history"
        className="prose"
        lines={3}
        maxLength={32_768}
        value={reason.cause}
        onChange={(cause) => onChange({ ...reason, cause })}
        testId="stop-cause"
      />
    </>
  );
}
