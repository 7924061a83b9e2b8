import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useState } from 'react';

import { choiceSentence } from '@/asl/choice-sentence';
import type { ChoiceRule } from '@/asl/definition';
import { insertItem, moveItem, removeItem, setField } from '@/asl/edit';
import { Button, IconButton } from '@/ui/button';

import { useEditorStore } from '../editor-store';
import { SelectField, TextField } from './controls';
import { ProblemLine } from './problem-line';
import { useOffers } from './use-offers';
import { useProblems } from './use-problems';
import { jsonProblem, read, written } from './written';

const OPERATORS: [string, string][] = [
  ['StringEquals', 'is the text'],
  ['StringMatches', 'is like the text'],
  ['StringLessThan', 'sorts before the text'],
  ['StringLessThanEquals', 'is the text or sorts before'],
  ['StringGreaterThan', 'sorts after the text'],
  ['StringGreaterThanEquals', 'is the text or sorts after'],
  ['NumericEquals', 'is the number'],
  ['NumericGreaterThan', 'is greater than'],
  ['NumericGreaterThanEquals', 'is at least'],
  ['NumericLessThan', 'is less than'],
  ['NumericLessThanEquals', 'is at most'],
  ['BooleanEquals', 'is (true or false)'],
  ['TimestampEquals', 'is the moment'],
  ['TimestampLessThan', 'is before'],
  ['TimestampLessThanEquals', 'is at or before'],
  ['TimestampGreaterThan', 'is after'],
  ['TimestampGreaterThanEquals', 'is at or after'],
  ['IsPresent', 'is present'],
  ['IsNull', 'is null'],
  ['IsNumeric', 'is a number'],
  ['IsString', 'is a text'],
  ['IsBoolean', 'is true or false'],
  ['IsTimestamp', 'is a moment'],
  ['StringEqualsPath', 'is the text at'],
  ['StringLessThanPath', 'sorts before the text at'],
  ['StringLessThanEqualsPath', 'is, or sorts before, the text at'],
  ['StringGreaterThanPath', 'sorts after the text at'],
  ['StringGreaterThanEqualsPath', 'is, or sorts after, the text at'],
  ['NumericEqualsPath', 'is the number at'],
  ['NumericGreaterThanPath', 'is greater than the number at'],
  ['NumericGreaterThanEqualsPath', 'is at least the number at'],
  ['NumericLessThanPath', 'is less than the number at'],
  ['NumericLessThanEqualsPath', 'is at most the number at'],
  ['BooleanEqualsPath', 'is true or false as is'],
  ['TimestampEqualsPath', 'is the moment at'],
  ['TimestampLessThanPath', 'is before the moment at'],
  ['TimestampLessThanEqualsPath', 'is at or before the moment at'],
  ['TimestampGreaterThanPath', 'is after the moment at'],
  ['TimestampGreaterThanEqualsPath', 'is at or after the moment at'],
];

const OWN = new Set(['Variable', 'Next', 'Comment', 'Assign', 'Output']);

/** The value that an operator's field means: "5" is a number where numbers are compared. */
function valueFor(operator: string, text: string): unknown {
  if (operator.startsWith('Numeric') && !operator.endsWith('Path')) {
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  if (operator.startsWith('Is') || operator === 'BooleanEquals') return text.trim() !== 'false';
  return text;
}

/** What a rule sets when it holds; folded away where it sets nothing. */
function RuleData({
  state,
  rule,
  index,
  jsonata,
}: {
  state: string;
  rule: ChoiceRule;
  index: number;
  jsonata: boolean;
}) {
  const { apply } = useEditorStore().getState();
  const offers = useOffers(state, jsonata ? 'JSONata' : 'JSONPath');
  const problems = useProblems(state);
  const field = (name: 'Assign' | 'Output' | 'Comment', help: string) => {
    const control = name === 'Comment' ? 'text' : 'json';
    return (
      <TextField
        label={name}
        value={written(rule[name], control)}
        problem={problems.within('Choices', index, name)}
        help={help}
        about={name}
        testId={`rule-${name}`}
        {...(control === 'json' && {
          lines: 1,
          check: jsonProblem,
          offers: offers(jsonata ? 'input' : 'effective'),
        })}
        onCommit={(text) =>
          apply(setField(state, ['Choices', index, name], read(text, control)), 'Change rule')
        }
      />
    );
  };
  const says = ['Assign', 'Output', 'Comment'].some((name) => rule[name] !== undefined);
  const [open, setOpen] = useState(says);
  const [known, setKnown] = useState(says);
  if (known !== says) {
    setKnown(says);
    setOpen(open || says);
  }
  return (
    <details
      className="rule-data"
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>When it holds</summary>
      {jsonata && field('Output', 'What goes on when this rule holds, in place of the input.')}
      {field('Assign', 'Variables that are set when this rule is the one that holds.')}
      {field('Comment', 'Why this rule is here.')}
    </details>
  );
}

function Rule({
  state,
  rule,
  index,
  count,
  targets,
  jsonata,
}: {
  state: string;
  rule: ChoiceRule;
  index: number;
  count: number;
  targets: string[];
  jsonata: boolean;
}) {
  const editor = useEditorStore();
  const { apply } = editor.getState();
  const path = ['Choices', index];
  const offers = useOffers(state, jsonata ? 'JSONata' : 'JSONPath');
  const problems = useProblems(state);
  const whole = problems.at(...path);
  const [operator, operand] = Object.entries(rule).find(([key]) => !OWN.has(key)) ?? ['', ''];
  const simple = OPERATORS.some(([name]) => name === operator);
  const replace = (next: string, value: unknown) =>
    apply(
      setField(
        state,
        path,
        Object.fromEntries(
          Object.entries(rule).map(([key, old]) => (key === operator ? [next, value] : [key, old])),
        ),
      ),
      'Change rule',
    );
  return (
    <li className="rule" data-testid="choice-rule">
      <header>
        <span className="rule-sentence" title={choiceSentence(rule)}>
          {index + 1}. {choiceSentence(rule)}
        </span>
        <IconButton
          label="Earlier"
          disabled={index === 0}
          onClick={() => apply(moveItem(state, ['Choices'], index, index - 1), 'Move rule')}
        >
          <ArrowUp />
        </IconButton>
        <IconButton
          label="Later"
          disabled={index === count - 1}
          onClick={() => apply(moveItem(state, ['Choices'], index, index + 1), 'Move rule')}
        >
          <ArrowDown />
        </IconButton>
        <IconButton
          label="Remove rule, and what only it leads to"
          disabled={count === 1}
          onClick={() => apply(removeItem(state, ['Choices'], index, 'delete'), 'Remove rule')}
        >
          <X />
        </IconButton>
      </header>
      {whole && (jsonata || simple) && <ProblemLine problem={whole} />}
      {jsonata ? (
        <TextField
          label="Where"
          value={String(rule.Condition ?? '')}
          problem={problems.within(...path, 'Condition')}
          lines={2}
          testId="rule-condition"
          offers={offers('input')}
          onCommit={(value) => apply(setField(state, [...path, 'Condition'], value), 'Change rule')}
        />
      ) : simple ? (
        <div className="rule-parts">
          <TextField
            label="Where"
            value={rule.Variable ?? ''}
            placeholder="$.total"
            problem={problems.within(...path, 'Variable')}
            testId="rule-variable"
            offers={offers('effective')}
            onCommit={(value) =>
              apply(setField(state, [...path, 'Variable'], value), 'Change rule')
            }
          />
          <SelectField
            label="Compared"
            value={operator}
            options={OPERATORS}
            testId="rule-operator"
            onCommit={(next) => replace(next, valueFor(next, String(operand)))}
          />
          <TextField
            label="With"
            value={String(operand)}
            problem={problems.within(...path, operator)}
            testId="rule-value"
            offers={operator.endsWith('Path') ? offers('effective') : undefined}
            onCommit={(text) => replace(operator, valueFor(operator, text))}
          />
        </div>
      ) : (
        <TextField
          label="Rule as text"
          value={JSON.stringify(rule, null, 2)}
          lines={4}
          check={jsonProblem}
          problem={problems.within(...path)}
          onCommit={(text) => apply(setField(state, path, JSON.parse(text)), 'Change rule')}
        />
      )}
      <SelectField
        label="Leads to"
        value={rule.Next ?? ''}
        options={targets.map((name) => [name, name] as const)}
        problem={problems.within(...path, 'Next')}
        testId="rule-next"
        onCommit={(next) => apply(setField(state, [...path, 'Next'], next), 'Lead elsewhere')}
      />
      {(jsonata || simple) && <RuleData {...{ state, rule, index, jsonata }} />}
    </li>
  );
}

/** The rules of a Choice, each reading as a sentence. The first that holds wins. */
export function ChoiceRules({
  name,
  rules,
  targets,
  jsonata,
  otherwise,
}: {
  name: string;
  rules: ChoiceRule[];
  targets: string[];
  jsonata: boolean;
  otherwise: string | undefined;
}) {
  const editor = useEditorStore();
  const { apply } = editor.getState();
  const problems = useProblems(name);
  const whole = problems.at('Choices');
  const others = targets.filter((each) => each !== name);
  const next = otherwise ?? rules.at(-1)?.Next ?? others[0];
  const rule = jsonata
    ? { Condition: '{% $states.input.value = 1 %}', Next: next }
    : { Variable: '$.value', NumericEquals: 1, Next: next };
  return (
    <section className="inspector-section" aria-label="Rules">
      <h3>Rules</h3>
      {whole && <ProblemLine problem={whole} />}
      <ol>
        {rules.map((each, index) => (
          <Rule
            key={index}
            state={name}
            rule={each}
            index={index}
            count={rules.length}
            targets={targets}
            jsonata={jsonata}
          />
        ))}
      </ol>
      <Button
        size="small"
        data-testid="add-rule"
        onClick={() => apply(insertItem(name, ['Choices'], rules.length, rule), 'Add rule')}
      >
        <Plus />
        Add rule
      </Button>
      <SelectField
        label="Otherwise"
        value={otherwise ?? ''}
        options={[['', 'fail: no rule holds'], ...targets.map((each) => [each, each] as const)]}
        problem={problems.within('Default')}
        testId="choice-default"
        onCommit={(value) =>
          apply(
            setField(name, ['Default'], value === '' ? undefined : value, 'delete'),
            'Lead elsewhere',
          )
        }
      />
    </section>
  );
}
