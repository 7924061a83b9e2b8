import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { ApiFailure } from '@/api/client';
import { discardDraft, getDraft, listActions, type Actions, type Draft } from '@/api/definitions';
import { getStateMachine, type StateMachine } from '@/api/state-machines';
import { sessionQuery } from '@/api/session';
import { lazily } from '@/app/lazily';
import { PageFailed } from '@/app/failures';
import { useShortcut } from '@/app/shortcuts';
import { useTitle } from '@/app/title';
import { ready } from '@/asl/source/source';
import { useKeptBreakpoints } from '@/features/executions/debugger/kept-breakpoints';
import { createGraphStore, GraphProvider } from '@/features/graph/graph-store';
import '@/features/executions/pages.css';
import { goToOutline, useOutline } from '@/features/graph/outline-store';
import { SheetProvider, useNewSheet } from '@/features/graph/sheet';
import { Button } from '@/ui/button';
import { Skeleton, toast } from '@/ui/feedback';
import { Split } from '@/ui/split';

import { layOutCollapsed } from './canvas/collapse';
import { DesignerCanvas } from './canvas/designer-canvas';
import { DesignerHeader } from './designer-header';
import { BLANK } from './drafts/blank';
import { dropCopy, readCopy } from './drafts/crash-copy';
import { useAutosave } from './drafts/use-autosave';
import { createEditorStore, EditorProvider, useEditor, useEditorStore } from './editor-store';
import { Inspector } from './inspector/inspector';
import { paletteItems } from './palette/items';
import { Palette } from './palette/palette';
import { notesOf } from './problems/locations';
import { ProblemsPanel } from './problems/problems-panel';
import { useFindings } from './problems/use-findings';
import { publishedFormat, publishedText } from './published';
import { keptSettings, settingsOf, toKeep } from './settings/settings';
import { MISSING_MOCK, useRunView } from './trial/use-run-view';
import './designer.css';

const DataPanel = lazily(() => import('./trial/data-panel'));
const CasesPanel = lazily(() => import('./cases/cases-panel'));
const CodePane = lazily(() => import('./code/code-pane'));
const Outline = lazily(() => import('@/features/graph/outline'));

const isSave = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === 's';
const isOutline = (event: KeyboardEvent) =>
  event.key === 'o' && !event.ctrlKey && !event.metaKey && !event.altKey;
const isUndo = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
const isRedo = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) &&
  ((event.shiftKey && event.key.toLowerCase() === 'z') || event.key.toLowerCase() === 'y');

interface Loaded {
  machine: StateMachine | null;
  draft: Draft | null;
}

const TABS = { code: 'Code', problems: 'Problems', data: 'Data', tests: 'Tests' } as const;
type Tab = keyof typeof TABS;

/** The panel below the canvas: the text, the problems, and the data that flows. */
function Below({ name, tab, onTab }: { name: string; tab: Tab; onTab: (tab: Tab) => void }) {
  const count = useEditor(({ findings }) => findings.length);
  const broken = useEditor(({ document }) => document.broken);
  return (
    <section className="below" aria-label="Code, problems, data and tests">
      <div className="below-tabs">
        <div role="tablist" aria-label="Code, problems, data and tests">
          {(Object.keys(TABS) as Tab[]).map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={tab === each}
              data-testid={`below-${each}`}
              onClick={() => onTab(each)}
            >
              {TABS[each]}
              {each === 'problems' && count > 0 && <span className="card-count">{count}</span>}
            </button>
          ))}
        </div>
        {broken !== null && (
          <span className="broken-note" role="status" data-testid="broken-note">
            The text cannot be read: the canvas shows it as it was. {broken}
          </span>
        )}
      </div>
      <div className="below-body">
        <Suspense
          fallback={
            <div className="skeleton-lines">
              <Skeleton width="60%" />
            </div>
          }
        >
          {tab === 'code' && <CodePane />}
          {tab === 'data' && <DataPanel machine={name} />}
          {tab === 'tests' && <CasesPanel machine={name} />}
          {tab === 'problems' && <ProblemsPanel />}
        </Suspense>
      </div>
    </section>
  );
}

function Workbench({
  name,
  loaded,
  user,
  actions,
}: {
  name: string;
  loaded: Loaded;
  user: string;
  actions: Actions | undefined;
}) {
  const editor = useEditorStore();
  const [machine, setMachine] = useState(loaded.machine);
  const [graph] = useState(createGraphStore);
  const sheet = useNewSheet();
  const [tab, setTab] = useState<Tab>('code');
  const definition = useEditor(({ document }) => document.definition);
  const collapsed = useEditor((state) => state.collapsed);
  const selected = useEditor(({ document }) => document.selected);
  const findings = useEditor((state) => state.findings);
  const outlined = useOutline((state) => state.open);
  const layout = useMemo(() => layOutCollapsed(definition, collapsed), [definition, collapsed]);
  const language = definition.QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath';
  const items = useMemo(() => paletteItems(actions, language), [actions, language]);
  const inspector = useRef<HTMLElement>(null);
  const { draft } = loaded;
  const autosave = useAutosave({
    user,
    name,
    text: draft?.definition ?? (machine ? publishedText(machine) : ''),
    sequence: draft?.sequence ?? 0,
    base: draft ? draft.baseRevisionId : (machine?.revisionId ?? null),
  });
  useFindings();
  const locked = useEditor((state) => state.locked);
  const { missing, paused } = useRunView(graph, name);
  useKeptBreakpoints(name, graph, paused);

  useEffect(() => {
    graph.setState({
      selected: selected.at(-1) ?? null,
      chosen: new Set(selected),
      notes:
        missing === null
          ? notesOf(findings)
          : new Map([...notesOf(findings), [missing, MISSING_MOCK]]),
      select: (each) => editor.getState().select(each === null ? [] : [each]),
    });
  }, [graph, editor, selected, findings, missing]);

  useShortcut(isSave, () => void autosave.save());
  useShortcut(isOutline, goToOutline);
  useShortcut(isUndo, () => editor.getState().undo());
  useShortcut(isRedo, () => editor.getState().redo());
  const inspect = useCallback(() => {
    const field = inspector.current?.querySelector<HTMLElement>('input, select, textarea');
    (field ?? inspector.current)?.focus();
  }, []);
  const leave = useCallback(
    () => document.querySelector<HTMLElement>('[data-testid=graph]')?.focus(),
    [],
  );
  const rename = useCallback(() => {
    const field = inspector.current?.querySelector<HTMLInputElement>('[data-testid=state-name]');
    field?.focus();
    field?.select();
  }, []);

  const stale = machine !== null && draft !== null && autosave.baseRevision !== machine.revisionId;
  const takeTheirs = () => {
    if (!machine) return;
    editor
      .getState()
      .open(publishedText(machine), publishedFormat(machine), 'Take what is published');
    editor.setState({ settings: settingsOf(machine) });
    autosave.rebase(machine.revisionId);
  };
  const keepMine = () => {
    if (!machine) return;
    autosave.rebase(machine.revisionId);
    toast('info', 'Publishing will replace what was published meanwhile.');
  };

  return (
    <GraphProvider value={graph}>
      <SheetProvider value={sheet}>
        <div className="execution-page designer" data-testid="designer">
          <DesignerHeader
            name={name}
            machine={machine}
            layout={layout}
            autosave={autosave}
            onPublished={setMachine}
          />
          {locked !== null && (
            <p className="locked-note" role="note" data-testid="locked-note">
              <Lock aria-hidden="true" />
              {locked}
            </p>
          )}
          {stale && (
            <div className="conflict" role="alert" data-testid="base-moved">
              <span>Somebody has published {name} since you began this draft.</span>
              {/* Mine beside the latest: what is said there of a draft. */}
              <Link
                className="button button-secondary button-small"
                to="/state-machines/$name/versions"
                params={{ name }}
                data-testid="compare-with-base"
              >
                Compare the two
              </Link>
              <Button size="small" onClick={takeTheirs}>
                Take what is published
              </Button>
              <Button size="small" onClick={keepMine}>
                Keep my draft
              </Button>
            </div>
          )}
          {autosave.status === 'conflict' && (
            <div className="conflict" role="alert" data-testid="draft-changed">
              <span>This draft has been changed in another window.</span>
              <Button size="small" onClick={() => window.location.reload()}>
                Load that one
              </Button>
              <Button
                size="small"
                onClick={() =>
                  void getDraft(name, new AbortController().signal).then((other) =>
                    autosave.takeOver(other?.sequence ?? 0),
                  )
                }
              >
                Keep this one
              </Button>
            </div>
          )}
          <div className="designer-body">
            {locked === null && <Palette items={items} />}
            <Split
              name="designer-inspector"
              divider="vertical"
              initial={380}
              least={300}
              most={720}
              label="Width of the inspector"
              main={
                <Split
                  name="designer-below"
                  divider="horizontal"
                  initial={240}
                  least={36}
                  most={760}
                  label="Height of code, problems and data"
                  main={
                    <div className="graph-area">
                      {outlined && (
                        <Suspense fallback={<div className="outline" />}>
                          <Outline layout={layout} onInspect={inspect} onLeave={leave} />
                        </Suspense>
                      )}
                      <DesignerCanvas
                        layout={layout}
                        items={items}
                        label={`Workflow ${name}`}
                        onInspect={inspect}
                        onRename={rename}
                      />
                    </div>
                  }
                  panel={<Below name={name} tab={tab} onTab={setTab} />}
                />
              }
              panel={<Inspector ref={inspector} machine={name} onLeave={leave} />}
            />
          </div>
        </div>
      </SheetProvider>
    </GraphProvider>
  );
}

function Prepared(props: {
  name: string;
  loaded: Loaded;
  user: string;
  locked: string | null;
  actions: Actions | undefined;
}) {
  const { name, loaded, user, locked } = props;
  const { machine, draft } = loaded;
  const [store] = useState(() => {
    const text = draft?.definition ?? (machine ? publishedText(machine) : BLANK);
    const format = draft?.format ?? (machine ? publishedFormat(machine) : 'JSON');
    const made = createEditorStore(text, format, machine, draft?.settings, locked);
    const copy = locked === null ? readCopy(user, name) : null;
    if (copy !== null && copy.text !== text) {
      made.getState().open(copy.text, copy.format, 'Restore');
      toast(
        'info',
        'What had not been saved when this page was left is restored. Ctrl+Z undoes it.',
      );
    } else if (copy !== null) dropCopy(user, name);
    return made;
  });
  return (
    <EditorProvider value={store}>
      <Workbench {...props} />
    </EditorProvider>
  );
}

const saysWhatIsPublished = (draft: Draft, machine: StateMachine) => {
  const published = settingsOf(machine);
  const kept = toKeep(keptSettings(draft.settings, published), published);
  return draft.definition === publishedText(machine) && Object.keys(kept).length === 0;
};

/** Nothing with this name exists, neither created nor drafted: an empty canvas to begin with. */
async function load(name: string, user: Promise<string>, signal: AbortSignal): Promise<Loaded> {
  const found = getStateMachine(name, signal).catch((error: unknown) => {
    if (error instanceof ApiFailure && error.status === 404) return null;
    throw error;
  });
  const [machine, draft, owner] = await Promise.all([found, getDraft(name, signal), user]);
  const formats = [
    machine && publishedFormat(machine),
    draft?.format,
    readCopy(owner, name)?.format,
  ];
  if (formats.includes('YAML')) await ready('YAML');
  if (machine && draft && saysWhatIsPublished(draft, machine)) {
    // Published already, by a request whose answer got lost.
    // Whoever may not write any more cannot discard it either, and reads what is published.
    await discardDraft(name).catch(() => undefined);
    return { machine, draft: null };
  }
  return { machine, draft };
}

/** The designer: a workflow as a picture and as text, edited in either. */
export function DesignerPage() {
  const { name } = useParams({ from: '/state-machines/$name/edit' });
  useTitle('Edit', name);
  const client = useQueryClient();
  const session = useQuery(sessionQuery);
  const actions = useQuery({
    queryKey: ['actions'],
    queryFn: ({ signal }) => listActions(signal),
    staleTime: 30_000,
  });
  const loaded = useQuery({
    queryKey: ['designer', name],
    queryFn: ({ signal }) =>
      load(
        name,
        client.query({ ...sessionQuery, staleTime: 'static' }).then(({ username }) => username),
        signal,
      ),
    // What is being edited is never fetched anew beneath the person.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const error = loaded.error ?? session.error;
  if (error) return <PageFailed error={error} reset={() => void loaded.refetch()} />;
  if (!loaded.data || !session.data) {
    return (
      <div className="execution-page" data-testid="loading">
        <header className="page-header">
          <h1>{name}</h1>
        </header>
        <div className="graph-skeleton" aria-busy="true">
          {[0, 1, 2, 3].map((each) => (
            <Skeleton key={each} width={224} height={48} />
          ))}
        </div>
      </div>
    );
  }
  return (
    <Prepared
      key={name}
      name={name}
      loaded={loaded.data}
      user={session.data.username}
      locked={
        session.data.permissions.includes('edit')
          ? null
          : 'Your role may read workflows and not write them. An admin of the workspace can change that.'
      }
      actions={actions.data}
    />
  );
}
