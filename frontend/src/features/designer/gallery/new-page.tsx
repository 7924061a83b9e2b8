import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FilePlus2, FileUp, History } from 'lucide-react';
import { Suspense, useMemo, useRef, useState } from 'react';

import { ApiFailure } from '@/api/client';
import { listDrafts, saveDraft, type DefinitionFormat } from '@/api/definitions';
import { getStateMachine, machineNamesQuery } from '@/api/state-machines';
import { lazily } from '@/app/lazily';
import { type NewSearch, readNewSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { layOutDefinition, roundedPath } from '@/asl/layout/graph-layout';
import { BLANK } from '../drafts/blank';
import { keptSettings } from '../settings/settings';
import { readSource } from '@/asl/source/source';
import { toast } from '@/ui/feedback';
import { prettyJson } from '@/ui/json-text';

import '@/features/executions/pages.css';
import './gallery.css';
import { freeName } from './free-name';
import { TEMPLATES, type Template } from './templates';

const FromExecution = lazily(() => import('./from-execution'));

const USUAL_NAME = 'my-workflow';

/** A template as our own layout draws it, small. */
function Picture({ template }: { template: Template }) {
  const layout = useMemo(() => {
    const read = readSource(template.text, 'JSON');
    return layOutDefinition(read.ok ? read.definition : {});
  }, [template]);
  return (
    <svg
      className="template-picture"
      viewBox={`-12 -12 ${layout.width + 24} ${layout.height + 24}`}
      aria-hidden="true"
    >
      {layout.states
        .filter(({ lanes }) => lanes.length > 0)
        .map(({ name, x, y, width, height }) => (
          <rect key={name} className="picture-container" {...{ x, y, width, height }} rx="12" />
        ))}
      {layout.edges.map(({ id, kind, points }) => (
        <path
          key={id}
          d={roundedPath(points, 12)}
          strokeDasharray={kind === 'catch' ? '8 8' : undefined}
        />
      ))}
      {layout.states
        .filter(({ lanes }) => lanes.length === 0)
        .map(({ name, x, y, width, height, state }) => (
          <rect
            key={name}
            className="picture-card"
            data-type={state.Type}
            {...{ x, y, width, height }}
            rx="10"
          />
        ))}
      {layout.dots.map(({ id, x, y, width }) => (
        <circle key={id} cx={x + width / 2} cy={y + width / 2} r={width / 2} />
      ))}
    </svg>
  );
}

interface Beginning {
  /** What it is called where the person does not say. */
  called?: string;
  text: string;
  format: DefinitionFormat;
  /** JSON text. */
  sampleInput?: string;
}

/** Whether a state machine has this name; a draft would be one of it. */
async function isPublished(name: string): Promise<boolean> {
  try {
    await getStateMachine(name, new AbortController().signal);
    return true;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return false;
    throw error;
  }
}

/** Where a workflow begins: empty, from a file, or from a template. */
export function NewPage() {
  useTitle('New workflow');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const drafts = useQuery({ queryKey: ['drafts'], queryFn: listDrafts });
  const machines = useQuery(machineNamesQuery);
  const taken = useMemo(
    () =>
      new Set([...(machines.data ?? []), ...(drafts.data?.results ?? []).map((each) => each.name)]),
    [machines.data, drafts.data],
  );
  const { machine, execution }: NewSearch = useSearch({
    from: '/new',
    // What an address says beside what is known of it comes through, too.
    select: readNewSearch,
    structuralSharing: true,
  });
  const [choosing, setChoosing] = useState(execution !== undefined);
  const file = useRef<HTMLInputElement>(null);
  const begin = useMutation({
    mutationFn: async ({ called = USUAL_NAME, text, format, sampleInput = '' }: Beginning) => {
      const name = typed.trim() || freeName(called, taken);
      const { results } = await listDrafts();
      if (results.some((draft) => draft.name === name)) {
        throw new Error(
          `You have a draft called ${name} already. Choose another name, or open it below.`,
        );
      }
      if (await isPublished(name)) {
        throw new Error(
          `There is a state machine called ${name} already. Choose another name, or edit that one.`,
        );
      }
      return saveDraft(name, {
        definition: text,
        format,
        settings: sampleInput === '' ? {} : { ...keptSettings({ sampleInput }) },
        follows: 0,
      });
    },
    onSuccess: ({ name }) => void navigate({ to: '/state-machines/$name/edit', params: { name } }),
    onError: (error) => toast('error', error.message),
  });
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    const text = await chosen.text();
    begin.mutate({ text, format: readSource(text, 'JSON').ok ? 'JSON' : 'YAML' });
  };
  return (
    <div className="page">
      <header className="page-top">
        <h1>New workflow</h1>
        <label className="new-name">
          Name
          <input
            className="input mono"
            value={typed}
            placeholder={`${freeName(USUAL_NAME, taken)}, or as its template`}
            maxLength={80}
            data-testid="new-name"
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
      </header>
      <ul className="gallery">
        <li>
          <button
            type="button"
            className="template"
            data-testid="new-blank"
            onClick={() => begin.mutate({ text: BLANK, format: 'JSON' })}
          >
            <span className="template-picture template-sign">
              <FilePlus2 aria-hidden="true" />
            </span>
            <strong>Blank</strong>
            <span className="muted">An empty canvas.</span>
          </button>
        </li>
        <li>
          <button type="button" className="template" onClick={() => file.current?.click()}>
            <span className="template-picture template-sign">
              <FileUp aria-hidden="true" />
            </span>
            <strong>From a file</strong>
            <span className="muted">A definition in JSON or YAML.</span>
          </button>
          <input
            ref={file}
            type="file"
            hidden
            accept=".json,.yaml,.yml"
            onChange={({ target }) => void take(target.files?.[0])}
          />
        </li>
        <li>
          <button
            type="button"
            className="template"
            data-testid="new-from-execution"
            onClick={() => setChoosing(true)}
          >
            <span className="template-picture template-sign">
              <History aria-hidden="true" />
            </span>
            <strong>From an execution</strong>
            <span className="muted">The definition that it ran, with its input as the sample.</span>
          </button>
        </li>
        {TEMPLATES.map((template) => (
          <li key={template.name}>
            <button
              type="button"
              className="template"
              data-testid="template"
              data-template={template.name}
              onClick={() =>
                begin.mutate({ called: template.name, text: template.text, format: 'JSON' })
              }
            >
              <Picture template={template} />
              <strong>{template.title}</strong>
              <span className="muted">{template.comment}</span>
            </button>
          </li>
        ))}
      </ul>
      {choosing && (
        <Suspense>
          <FromExecution
            first={{ ...(machine && { machine }), ...(execution && { name: execution }) }}
            onClose={() => setChoosing(false)}
            onChosen={({ definition, input }) => {
              setChoosing(false);
              begin.mutate({
                text: `${prettyJson(definition)}\n`,
                format: 'JSON',
                sampleInput: input,
              });
            }}
          />
        </Suspense>
      )}
      {(drafts.data?.results.length ?? 0) > 0 && (
        <section className="own-drafts" aria-label="Your drafts">
          <h2>Your drafts</h2>
          <ul>
            {drafts.data?.results.map((draft) => (
              <li key={draft.name}>
                <button
                  type="button"
                  className="link"
                  onClick={() =>
                    void navigate({
                      to: '/state-machines/$name/edit',
                      params: { name: draft.name },
                    })
                  }
                >
                  {draft.name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
