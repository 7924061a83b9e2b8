import { Button } from './button';
import { Dialog } from './dialog';
import { CopyButton } from './feedback';

import './secret-dialog.css';

interface Part {
  name: string;
  text: string;
  testId?: string;
}

interface Props {
  title: string;
  /** What of it cannot be read again, as a sentence begins with it. */
  secret?: string;
  /** What is to be done with it. */
  advice?: string;
  /** What is shown: the secret, and what goes with it. */
  parts: Part[];
  /** Lines of a shell that use it. */
  lines?: string;
  onClose: () => void;
}

/** A secret, this once. */
export function SecretDialog(props: Props) {
  const {
    title,
    secret = 'The secret',
    advice = 'Keep it now: nobody can read it again.',
    parts,
    lines,
    onClose,
  } = props;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      description={`${secret} is shown this once. ${advice}`}
    >
      <dl className="secret-parts">
        {parts.map(({ name, text, testId = `made-${name.toLowerCase()}` }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code data-testid={testId}>{text}</code>
              <CopyButton text={text} label={`Copy the ${name.toLowerCase()}`} />
            </dd>
          </div>
        ))}
      </dl>
      {lines !== undefined && (
        <div className="secret-lines">
          <pre>{lines}</pre>
          <CopyButton text={lines} label="Copy these lines" />
        </div>
      )}
      <div className="dialog-actions">
        <Button variant="primary" onClick={onClose} data-testid="secret-kept">
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
