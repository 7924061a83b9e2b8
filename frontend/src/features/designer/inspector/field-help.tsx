import { CircleHelp } from 'lucide-react';
import { useRef, useState } from 'react';

import { Popover } from '@/ui/popover';

import { EXAMPLES, SPECIFICATION } from './examples';

/** What a field is for, with an example, behind the "?" beside its label. */
export function FieldHelp({ name, help }: { name: string; help: string }) {
  const { example, anchor } = EXAMPLES[name] ?? {};
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="help-button"
        aria-label={`About ${name}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <CircleHelp aria-hidden="true" />
      </button>
      <Popover
        open={open}
        onClose={() => setOpen(false)}
        anchor={button}
        label={`About ${name}`}
        className="help"
        side="left"
        align="start"
        testId="field-help"
      >
        <h3 className="mono">{name}</h3>
        <p>{help}</p>
        {example !== undefined && <pre className="mono">{example}</pre>}
        {anchor !== undefined && (
          <a href={`${SPECIFICATION}#${anchor}`} target="_blank" rel="noreferrer">
            In the specification
          </a>
        )}
      </Popover>
    </>
  );
}
