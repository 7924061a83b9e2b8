import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Filter } from 'lucide-react';
import { useState } from 'react';

import { createRule, deleteRule, enableRule, rulesQuery, testRule } from '@/api/triggers';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';

import { readObject } from './read-object';
import { Section, Tools } from './section';

const PATTERN = `{
  "source": ["shop.orders"],
  "detail": { "total": [{ "numeric": [">", 10] }] }
}`;
const EVENT = `{
  "source": "shop.orders",
  "detail-type": "Order Placed",
  "detail": { "total": 30 }
}`;

function Tester({ pattern, inputPath }: { pattern: string; inputPath: string }) {
  const [event, setEvent] = useState(EVENT);
  const test = useMutation({
    mutationFn: () =>
      testRule({
        eventPattern: readObject(pattern, 'The pattern'),
        event: readObject(event, 'The event'),
        ...(inputPath && { inputPath }),
      }),
  });
  const told = test.error
    ? test.error.message
    : test.data === undefined
      ? null
      : test.data.matches
        ? `It matches. Input: ${test.data.input ?? ''}`
        : 'It does not match.';
  return (
    <div className="trigger-fields">
      <label className="field">
        <span className="field-label">An event to try it on</span>
        <textarea
          className="input"
          value={event}
          rows={5}
          spellCheck={false}
          onChange={(change) => {
            setEvent(change.target.value);
            test.reset();
          }}
        />
      </label>
      <span>
        <Button size="small" onClick={() => test.mutate()} data-testid="rule-test">
          Try
        </Button>
      </span>
      {told !== null && (
        <p
          className="trigger-verdict"
          role="status"
          data-matches={test.data?.matches ?? false}
          data-testid="rule-verdict"
        >
          {told}
        </p>
      )}
    </div>
  );
}

function RuleDialog({ machine, onClose }: { machine: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [pattern, setPattern] = useState(PATTERN);
  const [inputPath, setInputPath] = useState('');
  const make = useMutation({
    mutationFn: async () =>
      createRule(machine, {
        name: name.trim(),
        eventPattern: readObject(pattern, 'The pattern'),
        ...(inputPath && { inputPath }),
      }),
    onSuccess: () => {
      onClose();
      void queries.invalidateQueries(rulesQuery(machine));
    },
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="New rule"
      description="Events that match the pattern, as EventBridge has them, each start an execution."
    >
      <ConfirmForm
        deed={{ ...make, mutate: () => make.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="rule-submit"
        fields={
          <div className="trigger-fields">
            <label className="field">
              <span className="field-label">Name</span>
              <input
                className="input"
                value={name}
                required
                maxLength={64}
                autoComplete="off"
                onChange={(event) => setName(event.target.value)}
              />
            </label>
            <label className="field">
              <span className="field-label">Event pattern (JSON)</span>
              <textarea
                className="input"
                value={pattern}
                rows={6}
                spellCheck={false}
                onChange={(event) => setPattern(event.target.value)}
              />
            </label>
            <label className="field">
              <span className="field-label">Input path (the whole event without one)</span>
              <input
                className="input mono"
                value={inputPath}
                placeholder="$.detail"
                maxLength={256}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setInputPath(event.target.value)}
              />
            </label>
            <Tester pattern={pattern} inputPath={inputPath} />
          </div>
        }
      >
        <Filter />
        Make rule
      </ConfirmForm>
    </Dialog>
  );
}

/** The rules that start a state machine with events. */
export function Rules({ machine, locked }: { machine: string; locked: string | null }) {
  const query = useQuery(rulesQuery(machine));
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Section
        title="Rules"
        about="Start an execution for each event that matches a pattern."
        query={query}
        none="No rule yet."
        add="Rule"
        locked={locked}
        onAdd={() => setAdding(true)}
        testId="rules"
        row={(each) => (
          <li
            key={each.id}
            className="trigger-row"
            data-off={!each.enabled}
            data-testid="rule"
            data-name={each.name}
          >
            <span className="trigger-name">
              {each.name}
              {each.inputPath && <code>{each.inputPath}</code>}
              {!each.enabled && <span className="muted">off</span>}
            </span>
            <span className="trigger-facts">
              <code>{JSON.stringify(each.eventPattern)}</code>
            </span>
            <Tools
              what={`the rule ${each.name}`}
              list={rulesQuery(machine).queryKey}
              enabled={each.enabled}
              locked={locked}
              enable={(enabled) => enableRule(machine, each.id, enabled)}
              remove={() => deleteRule(machine, each.id)}
              warning="Events do not start this state machine by it any more."
            />
          </li>
        )}
      />
      {adding && <RuleDialog machine={machine} onClose={() => setAdding(false)} />}
    </>
  );
}
