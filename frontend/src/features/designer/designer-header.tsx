import { Link } from '@tanstack/react-router';
import { Download, FileUp } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef } from 'react';

import type { StateMachine } from '@/api/client';
import type { GraphLayout } from '@/asl/layout/graph-layout';
import { readSource, writeSource } from '@/asl/source/source';
import { DebugStartButton } from '@/features/executions/debugger/debug-start-button';
import { IconButton } from '@/ui/button';
import { toast } from '@/ui/feedback';

import type { SaveStatus, useAutosave } from './drafts/use-autosave';
import { useEditor, useEditorStore } from './editor-store';
import { download, pngOf, svgOf } from './export';
import { publishedText } from './published';
import { Publishing } from './publishing';

const WORDS: Record<SaveStatus, string> = {
  saved: 'Draft saved',
  unsaved: 'Saving…',
  saving: 'Saving…',
  conflict: 'Changed in another window',
  offline: 'Not saved: the server does not answer',
};

function ExportMenu({ name, layout }: { name: string; layout: GraphLayout }) {
  const editor = useEditorStore();
  const item = (label: string, act: () => unknown) => (
    <DropdownMenu.Item className="menu-item" onSelect={() => void act()}>
      {label}
    </DropdownMenu.Item>
  );
  const text = (format: 'JSON' | 'YAML') => {
    const { document } = editor.getState();
    return document.format === format ? document.text : writeSource(document.definition, format);
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label="Export">
          <Download />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end">
          {item('Export as JSON', () =>
            download(`${name}.asl.json`, 'application/json', text('JSON')),
          )}
          {item('Export as YAML', () =>
            download(`${name}.asl.yaml`, 'application/yaml', text('YAML')),
          )}
          {item('Export as SVG', () => download(`${name}.svg`, 'image/svg+xml', svgOf(layout)))}
          {item('Export as PNG', () =>
            pngOf(layout)
              .then((blob) => download(`${name}.png`, 'image/png', blob))
              .catch((error: unknown) => toast('error', String(error))),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Reads a file into the document, as one step that can be undone. */
function ImportButton() {
  const editor = useEditorStore();
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    const format = readSource(text, 'JSON').ok ? 'JSON' : 'YAML';
    const read = readSource(text, format);
    if (read.ok) editor.getState().open(text, format, `Open ${file.name}`);
    else toast('error', `${file.name} cannot be read: ${read.message}`);
  };
  return (
    <>
      <IconButton label="Open a file" onClick={() => input.current?.click()}>
        <FileUp />
      </IconButton>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.yaml,.yml"
        data-testid="open-file"
        onChange={({ target }) => void take(target.files?.[0])}
      />
    </>
  );
}

interface Props {
  name: string;
  machine: StateMachine | null;
  layout: GraphLayout;
  autosave: ReturnType<typeof useAutosave>;
  onPublished: (machine: StateMachine) => void;
}

/** What the page is about, whether it is saved, and the one way out: publishing. */
export function DesignerHeader({ name, machine, layout, autosave, onPublished }: Props) {
  const editor = useEditorStore();
  const format = useEditor(({ document }) => document.format);
  const broken = useEditor(({ document }) => document.broken);
  const changed = useEditor(
    ({ document }) => machine === null || document.text !== publishedText(machine),
  );
  return (
    <header className="page-header">
      <h1 className="ellipsis">{name}</h1>
      <span className="type-badge">
        {machine === null ? 'not created yet' : changed ? 'draft' : machine.type.toLowerCase()}
      </span>
      <span
        className="save-status muted"
        data-testid="save-status"
        data-save={autosave.status}
        role="status"
      >
        {autosave.status === 'saved' && !changed ? 'As published' : WORDS[autosave.status]}
      </span>
      <span className="page-actions">
        <span className="segments" role="group" aria-label="Format of the text">
          {(['JSON', 'YAML'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={format === each}
              disabled={broken !== null}
              onClick={() => editor.getState().convertTo(each)}
            >
              {each}
            </button>
          ))}
        </span>
        <ImportButton />
        <ExportMenu name={name} layout={layout} />
        {machine !== null && !changed && (
          <DebugStartButton machine={name} sampleInput={machine.sampleInput} />
        )}
        {machine !== null && (
          <Link
            className="button button-secondary button-medium"
            to="/state-machines/$name"
            params={{ name }}
          >
            Executions
          </Link>
        )}
        <Publishing
          name={name}
          machine={machine}
          changed={changed}
          autosave={autosave}
          onPublished={onPublished}
        />
      </span>
    </header>
  );
}
