import { Link } from '@tanstack/react-router';
import { Download, FileUp, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import type { StateMachine } from '@/api/state-machines';
import type { GraphLayout } from '@/asl/layout/graph-layout';
import { readSource, ready, writeSource } from '@/asl/source/source';
import { DebugStartButton } from '@/features/executions/debugger/debug-start-button';
import { StartDialog } from '@/features/executions/dialogs';
import { Button, IconButton } from '@/ui/button';
import { toast } from '@/ui/feedback';
import { MenuButton } from '@/ui/menu-button';

import type { SaveStatus, useAutosave } from './drafts/use-autosave';
import { useEditor, useEditorStore } from './editor-store';
import { download, pngOf, svgOf } from './export';
import { publishedText } from './published';
import { Publishing } from './publishing';
import { updated } from './settings/settings';

const WORDS: Record<SaveStatus, string> = {
  saved: 'Draft saved',
  unsaved: 'Saving…',
  saving: 'Saving…',
  conflict: 'Changed in another window',
  offline: 'Not saved: the server does not answer',
};

function ExportMenu({ name, layout }: { name: string; layout: GraphLayout }) {
  const editor = useEditorStore();
  const text = async (format: 'JSON' | 'YAML') => {
    await ready(format);
    const { document } = editor.getState();
    return document.format === format ? document.text : writeSource(document.definition, format);
  };
  const keep = async (format: 'JSON' | 'YAML') => {
    const kind = format.toLowerCase();
    download(`${name}.asl.${kind}`, `application/${kind}`, await text(format));
  };
  const failed = (error: unknown) => toast('error', String(error));
  return (
    <MenuButton
      label="Export"
      items={[
        { label: 'Export as JSON', act: () => keep('JSON').catch(failed) },
        { label: 'Export as YAML', act: () => keep('YAML').catch(failed) },
        {
          label: 'Export as SVG',
          act: () => download(`${name}.svg`, 'image/svg+xml', svgOf(layout)),
        },
        {
          label: 'Export as PNG',
          act: () =>
            pngOf(layout)
              .then((blob) => download(`${name}.png`, 'image/png', blob))
              .catch(failed),
        },
      ]}
    >
      <Download />
    </MenuButton>
  );
}

/** Reads a file into the document, as one step that can be undone. */
function ImportButton() {
  const editor = useEditorStore();
  const locked = useEditor((state) => state.locked);
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    const format = readSource(text, 'JSON').ok ? 'JSON' : 'YAML';
    await ready(format);
    const read = readSource(text, format);
    if (read.ok) editor.getState().open(text, format, `Open ${file.name}`);
    else toast('error', `${file.name} cannot be read: ${read.message}`);
  };
  return (
    <>
      <IconButton
        label={locked === null ? 'Open a file' : `Open a file. ${locked}`}
        disabled={locked !== null}
        onClick={() => input.current?.click()}
      >
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

/** What comes after publishing: to start it, with an input, and to watch it. */
function StartPublished({
  name,
  sampleInput,
  justPublished,
}: {
  name: string;
  sampleInput: string | null;
  justPublished: boolean;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is disabled since: the keyboard goes on from here.
    const { activeElement } = document;
    const lost = activeElement === document.body || activeElement?.closest('.publishing');
    if (justPublished && lost) button.current?.focus();
  }, [justPublished]);
  return (
    <>
      <Button
        ref={button}
        variant="primary"
        data-testid="start-with"
        title="Start an execution with an input, and watch it"
        onClick={() => setOpen(true)}
      >
        <Play />
        Start
      </Button>
      <StartDialog
        machine={name}
        input={sampleInput ?? '{}'}
        open={open}
        onClose={() => setOpen(false)}
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
  const locked = useEditor((state) => state.locked);
  const broken = useEditor(({ document }) => document.broken);
  const changed = useEditor(
    ({ document, settings }) =>
      machine === null ||
      document.text !== publishedText(machine) ||
      Object.keys(updated(settings, machine)).length > 0,
  );
  /** Whether the page was opened with nothing to publish. */
  const [opened] = useState(machine !== null && !changed);
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
              disabled={broken !== null || (locked !== null && format !== each)}
              title={locked ?? undefined}
              onClick={() => void editor.getState().convertTo(each)}
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
        {machine !== null && !changed && (
          <StartPublished name={name} sampleInput={machine.sampleInput} justPublished={!opened} />
        )}
      </span>
    </header>
  );
}
