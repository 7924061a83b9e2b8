import { MousePointerClick } from 'lucide-react';
import type { Ref } from 'react';

import type { Finding } from '@/api/definitions';
import { possibleTargets, renameState, setField, setMachineField, setNext } from '@/asl/edit';
import { findState, type AnyState } from '@/asl/edit/scopes';
import { canContinue } from '@/asl/edit/targets';
import { useBreakpoints } from '@/features/executions/debugger/kept-breakpoints';
import { StateIcon } from '@/features/graph/state-icons';

import { useEditor, useEditorStore } from '../editor-store';
import { fieldOfFinding, stateOfFinding } from '../problems/locations';
import { SettingsFields } from '../settings/settings-fields';
import { useTrial } from '../trial/trial-store';
import { BreakpointFields } from './breakpoint-fields';
import { ChoiceRules } from './choice-rules';
import { Catchers } from './catchers';
import { SelectField, TextField } from './controls';
import { LimitField } from './limit-field';
import { MapFields } from './map-fields';
import { ProblemLine } from './problem-line';
import { Retriers } from './retriers';
import { CAN_RETRY, fieldsOf, OF_ITEMS, type Field } from './state-fields';
import { useOffers } from './use-offers';
import { worst } from './use-problems';
import { WaitField } from './wait-field';
import { jsonProblem, read, written } from './written';
import './inspector.css';

const problemAt = (findings: readonly Finding[], state: string | null, field: string) =>
  worst(
    findings.filter((each) => stateOfFinding(each) === state && fieldOfFinding(each) === field),
  );

function StateInspector({
  machine,
  name,
  state,
}: {
  machine: string;
  name: string;
  state: AnyState;
}) {
  const editor = useEditorStore();
  const { apply } = editor.getState();
  const definition = useEditor(({ document }) => document.definition);
  const findings = useEditor((each) => each.findings);
  const language = state.QueryLanguage ?? definition.QueryLanguage ?? 'JSONPath';
  const targets = possibleTargets(definition, name);
  const type = state.Type ?? '';
  const problem = (field: string) => problemAt(findings, name, field);
  const jsonata = language === 'JSONata';
  const offers = useOffers(name, language);
  const { breakpoints, keep } = useBreakpoints(machine);
  const fields = fieldsOf(type, language);
  const control = (field: Field) =>
    field.control === 'limit' ? (
      <LimitField
        key={field.name}
        {...{ name, state, jsonata }}
        field={field.name}
        label={field.label}
        help={field.help}
        problem={problem(field.name)}
        offers={offers(field.stage)}
      />
    ) : (
      <TextField
        key={field.name}
        label={field.label}
        help={field.help}
        about={field.name}
        placeholder={field.placeholder}
        value={written(state[field.name], field.control)}
        problem={problem(field.name)}
        testId={`field-${field.name}`}
        offers={offers(field.stage)}
        {...(field.control === 'json' && { lines: 1, check: jsonProblem })}
        onCommit={(text) =>
          apply(setField(name, [field.name], read(text, field.control)), `Change ${field.label}`)
        }
      />
    );
  return (
    <>
      <header className="inspector-header">
        <span className="item-icon">
          <StateIcon state={state} />
        </span>
        <h2 className="ellipsis">{name}</h2>
        <span className="type-badge">{type}</span>
      </header>
      <div className="inspector-body">
        {problem('') && <ProblemLine problem={problem('')} />}
        <TextField
          label="Name"
          value={name}
          testId="state-name"
          onCommit={(to) => {
            if (!apply(renameState(name, to), 'Rename')) return;
            useTrial.getState().open(machine);
            useTrial.getState().rename(name, to);
            const own = (breakpoints ?? []).some((each) => each.state === name);
            if (own && breakpoints) {
              keep(
                breakpoints.map((each) => (each.state === name ? { ...each, state: to } : each)),
              );
            }
          }}
        />
        <TextField
          label="Comment"
          value={state.Comment ?? ''}
          testId="state-comment"
          onCommit={(text) =>
            apply(setField(name, ['Comment'], text === '' ? undefined : text), 'Comment')
          }
        />
        {(state.QueryLanguage !== undefined || definition.QueryLanguage !== 'JSONata') && (
          <SelectField
            label="Query language"
            value={state.QueryLanguage ?? ''}
            options={[
              ['', `the workflow’s: ${definition.QueryLanguage ?? 'JSONPath'}`],
              ['JSONata', 'JSONata'],
              // In a workflow in JSONata no state can go back.
              ...(state.QueryLanguage === 'JSONPath' ? [['JSONPath', 'JSONPath'] as const] : []),
            ]}
            problem={problem('QueryLanguage')}
            help="How this state reads and shapes data: with paths, or with {% … %}."
            about="QueryLanguage"
            testId="state-query-language"
            onCommit={(to) =>
              apply(setField(name, ['QueryLanguage'], to === '' ? undefined : to), 'Query language')
            }
          />
        )}
        {type === 'Choice' && (
          <ChoiceRules
            name={name}
            rules={state.Choices ?? []}
            targets={targets}
            jsonata={jsonata}
            otherwise={state.Default}
          />
        )}
        {type === 'Wait' && <WaitField name={name} state={state} jsonata={jsonata} />}
        {canContinue(state) && (
          <SelectField
            label="Then"
            value={state.End === true ? '' : (state.Next ?? '')}
            options={[['', 'end'], ...targets.map((each) => [each, each] as const)]}
            testId="state-next"
            problem={problem('Next')}
            onCommit={(to) => apply(setNext(name, to === '' ? null : to), 'Lead elsewhere')}
          />
        )}
        {type === 'Map' && (
          <MapFields name={name} state={state} jsonata={jsonata} problem={problem}>
            {fields.filter((each) => OF_ITEMS.has(each.name)).map(control)}
          </MapFields>
        )}
        {type === 'Map' || type === 'Choice' ? (
          // Behind a section of its own: what comes next is no part of that.
          <section className="inspector-section" aria-label="Data">
            <h3>Data</h3>
            {fields.filter((each) => !OF_ITEMS.has(each.name)).map(control)}
          </section>
        ) : (
          fields.map(control)
        )}
        {CAN_RETRY.has(type) && (
          <>
            <Retriers name={name} retry={state.Retry ?? []} />
            <Catchers
              name={name}
              catchers={state.Catch ?? []}
              targets={targets}
              jsonata={jsonata}
            />
          </>
        )}
        <BreakpointFields machine={machine} state={name} type={type} />
      </div>
    </>
  );
}

function MachineInspector() {
  const editor = useEditorStore();
  const { apply } = editor.getState();
  const definition = useEditor(({ document }) => document.definition);
  const findings = useEditor((each) => each.findings);
  const record = definition as Record<string, unknown>;
  const timeout = record.TimeoutSeconds;
  return (
    <>
      <header className="inspector-header">
        <h2>Workflow</h2>
      </header>
      <div className="inspector-body">
        <TextField
          label="Comment"
          lines={2}
          prose
          value={definition.Comment ?? ''}
          onCommit={(text) =>
            apply(setMachineField('Comment', text === '' ? undefined : text), 'Comment')
          }
        />
        <SelectField
          label="Query language"
          value={definition.QueryLanguage ?? 'JSONPath'}
          options={[
            ['JSONPath', 'JSONPath'],
            ['JSONata', 'JSONata'],
          ]}
          onCommit={(value) => apply(setMachineField('QueryLanguage', value), 'Query language')}
        />
        <TextField
          label="Time-out, s"
          value={typeof timeout === 'number' ? String(timeout) : ''}
          problem={problemAt(findings, null, 'TimeoutSeconds')}
          onCommit={(text) => {
            const value = text.trim() === '' ? undefined : Number(text);
            apply(setMachineField('TimeoutSeconds', value), 'Time-out');
          }}
        />
        <SettingsFields />
        <p className="muted pane-hint">
          <MousePointerClick aria-hidden="true" /> Select a state to see and change what it does.
        </p>
      </div>
    </>
  );
}

/** What is selected, with every field it can have. */
export function Inspector({
  ref,
  machine,
  onLeave,
}: {
  ref: Ref<HTMLElement>;
  machine: string;
  onLeave: () => void;
}) {
  const definition = useEditor(({ document }) => document.definition);
  const selected = useEditor(({ document }) => document.selected);
  const locked = useEditor((state) => state.locked);
  const name = selected.at(-1);
  const found = name === undefined ? null : findState(definition, name);
  return (
    // Enter on the canvas comes here, Escape goes back.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className="inspector"
      aria-label="Inspector"
      tabIndex={-1}
      onKeyDown={(event) => {
        const own = event.currentTarget.contains(event.target as Node);
        if (own && event.key === 'Escape' && !event.defaultPrevented) onLeave();
      }}
      ref={ref}
      data-testid="inspector"
      data-state-name={found ? name : undefined}
    >
      {selected.length > 1 && (
        <p className="inspector-several">
          {selected.length} states are selected; this is the last of them.
        </p>
      )}
      {/* Who may not write reads; the note above the canvas says why, and who changes that. */}
      <fieldset className="inspector-fields" disabled={locked !== null} title={locked ?? undefined}>
        {found && name !== undefined ? (
          <StateInspector machine={machine} name={name} state={found.state} />
        ) : (
          <MachineInspector />
        )}
      </fieldset>
    </section>
  );
}
