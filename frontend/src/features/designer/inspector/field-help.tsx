import { CircleHelp } from 'lucide-react';
import { Popover } from 'radix-ui';

import { EXAMPLES, SPECIFICATION } from './examples';

/** What a field is for, with an example, behind the "?" beside its label. */
export function FieldHelp({ name, help }: { name: string; help: string }) {
  const { example, anchor } = EXAMPLES[name] ?? {};
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="help-button" aria-label={`About ${name}`}>
          <CircleHelp aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="help"
          side="left"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          aria-label={`About ${name}`}
          data-testid="field-help"
        >
          <h3 className="mono">{name}</h3>
          <p>{help}</p>
          {example !== undefined && <pre className="mono">{example}</pre>}
          {anchor !== undefined && (
            <a href={`${SPECIFICATION}#${anchor}`} target="_blank" rel="noreferrer">
              In the specification
            </a>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
