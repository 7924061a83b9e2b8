import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { CopyButton } from '@/ui/feedback';

interface Props {
  title: string;
  /** What is shown beside the secret: its name and its text. */
  parts: [string, string][];
  onClose: () => void;
}

/** A secret, this once. */
export function SecretDialog({ title, parts, onClose }: Props) {
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      description="The secret is shown this once. Keep it now: nobody can read it again."
    >
      <dl className="trigger-secret">
        {parts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code data-testid={`made-${name.toLowerCase()}`}>{text}</code>
              <CopyButton text={text} label={`Copy the ${name.toLowerCase()}`} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <Button variant="primary" onClick={onClose} data-testid="secret-kept">
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
