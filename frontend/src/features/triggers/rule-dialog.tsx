import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Filter } from 'lucide-react';
import { useState } from 'react';

import { createRule, rulesQuery, testRule, updateRule, type Rule } from '@/api/triggers';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';

import { readObject } from './read-object';
import { givenInput, inputOf, WHOLE_EVENT, type RuleInput } from './rule-input';
import { RuleInputFields } from './rule-input-fields';
import { TargetField } from './target-field';

const PATTERN = `{
  "source": ["shop.orders"],
  "detail": { "total": [{ "numeric": [">", 10] }] }
}`;
const EVENT = `{
  "source": "shop.orders",
  "detail-type": "Order Placed",
  "detail": { "total": 30 }
}`;

function Tester({ pattern, input }: { pattern: string; input: RuleInput }) {
  const [event, setEvent] = useState(EVENT);
  const test = useMutation({
    mutationFn: async () =>
      testRule({
        eventPattern: readObject(pattern, 'The pattern'),
        event: readObject(event, 'The event'),
        ...givenInput(input),
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
      <TextField
        label="An event to try it on"
        lines={5}
        spellCheck={false}
        value={event}
        onChange={(text) => {
          setEvent(text);
          test.reset();
        }}
      />
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

interface Props {
  machine: string;
  /** The rule that is changed; null: a new one. */
  of: Rule | null;
  onClose: () => void;
}

/** A new rule, or another form of one. */
export function RuleDialog({ machine, of, onClose }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState(of?.name ?? '');
  const [pattern, setPattern] = useState(of ? JSON.stringify(of.eventPattern, null, 2) : PATTERN);
  const [input, setInput] = useState(of ? inputOf(of) : WHOLE_EVENT);
  const [qualifier, setQualifier] = useState(of?.qualifier ?? '');
  const save = useMutation({
    mutationFn: async () => {
      const given = {
        name: name.trim(),
        eventPattern: readObject(pattern, 'The pattern'),
        qualifier,
        ...givenInput(input),
      };
      return of === null ? createRule(machine, given) : updateRule(machine, of.id, given);
    },
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
      title={of === null ? 'New rule' : `The rule ${of.name}`}
      description="Events that match the pattern, as EventBridge has them, each start an execution."
    >
      <ConfirmForm
        deed={{ ...save, mutate: () => save.mutate() }}
        onClose={onClose}
        keep="Cancel"
        testId="rule-submit"
        fields={
          <div className="trigger-fields">
            <TextField
              label="Name"
              required
              maxLength={64}
              autoComplete="off"
              value={name}
              onChange={setName}
            />
            <TextField
              label="Event pattern (JSON)"
              lines={6}
              spellCheck={false}
              value={pattern}
              onChange={setPattern}
            />
            <RuleInputFields value={input} onChange={setInput} />
            <TargetField machine={machine} value={qualifier} onChange={setQualifier} />
            <Tester pattern={pattern} input={input} />
          </div>
        }
      >
        <Filter />
        {of === null ? 'Make rule' : 'Save rule'}
      </ConfirmForm>
    </Dialog>
  );
}
