import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { deleteRule, enableRule, rulesQuery, type Rule } from '@/api/triggers';

import { RuleDialog } from './rule-dialog';
import { Section, Tools } from './section';

/** The rules that start a state machine with events. */
export function Rules({ machine, locked }: { machine: string; locked: string | null }) {
  const query = useQuery(rulesQuery(machine));
  const [editing, setEditing] = useState<Rule | 'new' | null>(null);
  return (
    <>
      <Section
        title="Rules"
        about="Start an execution for each event that matches a pattern."
        query={query}
        none="No rule yet."
        add="Rule"
        locked={locked}
        onAdd={() => setEditing('new')}
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
              {each.qualifier && <span className="muted">starts {each.qualifier}</span>}
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
              onEdit={() => setEditing(each)}
              enable={(enabled) => enableRule(machine, each.id, enabled)}
              remove={() => deleteRule(machine, each.id)}
              warning="Events do not start this state machine by it any more."
            />
          </li>
        )}
      />
      {editing !== null && (
        <RuleDialog
          machine={machine}
          of={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
