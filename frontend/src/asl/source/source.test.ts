import { describe, expect, it } from 'vitest';

import type { Definition } from '../definition';
import { chain, done } from '../edit/edit.fixture';
import {
  deleteStates,
  insertAfter,
  insertItem,
  moveStates,
  renameState,
  setField,
  single,
  type Command,
} from '../edit';
import { readSource, rewriteSource, type Format } from './source';
import './yaml';

const json = `{
    "Comment" : "Odd spaces stay",
    "StartAt": "A",
    "States": {
        "A": { "Type": "Pass",   "Next": "B" },
        "B": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Retry": [
                { "ErrorEquals": ["States.ALL"] }
            ],
            "End": true
        }
    }
}
`;

const yaml = `# Takes orders
StartAt: A   # where it begins
States:
  # The first
  A:
    Type: Pass
    Next: B  # and on
  # The second
  B:
    Type: Task
    Resource: "arn:aws:states:::lambda:invoke"
    Retry:
      - ErrorEquals: [ States.ALL ]   # whatever it is
    Parameters:
      Note: |
        two
        lines
    End: true
`;

function applied(text: string, format: Format, ...commands: Command[]): string {
  return commands.reduce((each, command) => {
    const read = readSource(each, format);
    if (!read.ok) throw new Error(read.message);
    const { definition } = read;
    return rewriteSource(each, format, definition, done(command(definition)));
  }, text);
}

/** The lines that one text has and the other has not. */
function difference(before: string, after: string) {
  const left = before.split('\n');
  const right = after.split('\n');
  return {
    gone: left.filter((line) => !right.includes(line)),
    come: right.filter((line) => !left.includes(line)),
  };
}

const nap = single('Nap', { Type: 'Wait', Seconds: 5 });

describe('an edit of a JSON text', () => {
  it('changes the lines it is about and no other', () => {
    expect(difference(json, applied(json, 'JSON', setField('B', ['TimeoutSeconds'], 9)))).toEqual({
      gone: ['            "End": true'],
      come: ['            "End": true,', '            "TimeoutSeconds": 9'],
    });
    expect(difference(json, applied(json, 'JSON', renameState('B', 'Bee')))).toEqual({
      gone: ['        "A": { "Type": "Pass",   "Next": "B" },', '        "B": {'],
      come: ['        "A": { "Type": "Pass",   "Next": "Bee" },', '        "Bee": {'],
    });
    expect(difference(json, applied(json, 'JSON', insertAfter('A', nap))).gone).toEqual([
      '        "A": { "Type": "Pass",   "Next": "B" },',
    ]);
    expect(applied(json, 'JSON', deleteStates(['A']))).toBe(
      json
        .replace('        "A": { "Type": "Pass",   "Next": "B" },\n', '')
        .replace('"StartAt": "A"', '"StartAt": "B"'),
    );
  });
  it('writes in the manner of the text', () => {
    const made = applied(json, 'JSON', insertAfter('B', nap));
    expect(made).toContain(
      '        "Nap": {\n            "Type": "Wait",\n            "Seconds": 5,\n            "End": true\n        }\n',
    );
    const compact = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';
    expect(applied(compact, 'JSON', insertAfter('A', nap))).toBe(
      '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"Nap"},"Nap":{"Type":"Wait","Seconds":5,"End":true}}}',
    );
  });
  it('fills what was empty and empties what was full', () => {
    const empty = '{\n  "StartAt": "",\n  "States": {}\n}\n';
    const full = applied(empty, 'JSON', () => ({ ok: true, definition: chain('A'), select: [] }));
    expect(full).toContain('\n  "States": {\n    "A": {\n      "Type": "Task"');
    expect(applied(full, 'JSON', deleteStates(['A']))).toBe(empty);
  });
});

describe('an edit of a YAML text', () => {
  it('keeps every comment but those of what is deleted', () => {
    expect(difference(yaml, applied(yaml, 'YAML', setField('B', ['TimeoutSeconds'], 9)))).toEqual({
      gone: [],
      come: ['    TimeoutSeconds: 9'],
    });
    expect(applied(yaml, 'YAML', renameState('B', 'Bee'))).toBe(
      yaml.replace('Next: B ', 'Next: Bee ').replace('  B:', '  Bee:'),
    );
    expect(difference(yaml, applied(yaml, 'YAML', insertAfter('A', nap)))).toEqual({
      gone: ['    Next: B  # and on'],
      come: [
        '    Next: Nap  # and on',
        '  Nap:',
        '    Type: Wait',
        '    Seconds: 5',
        '    Next: B',
      ],
    });
    // A comment above the first entry may be about the whole block: it stays.
    expect(difference(yaml, applied(yaml, 'YAML', deleteStates(['A']))).gone).toEqual([
      'StartAt: A   # where it begins',
      '  A:',
      '    Type: Pass',
      '    Next: B  # and on',
    ]);
  });
  it('adds to lists and to what had no value', () => {
    const retrier = { ErrorEquals: ['States.Timeout'], MaxAttempts: 2 };
    expect(difference(yaml, applied(yaml, 'YAML', insertItem('B', ['Retry'], 0, retrier)))).toEqual(
      {
        gone: [],
        come: ['      - ErrorEquals:', '          - States.Timeout', '        MaxAttempts: 2'],
      },
    );
  });
  it('moves a state with its text', () => {
    const spot = { scope: { container: null, branch: 0 }, from: 'B', to: null };
    const made = applied(yaml, 'YAML', moveStates(['A'], { ...spot, kind: 'next' }));
    expect(difference(yaml, made).gone).not.toContain(
      '      - ErrorEquals: [ States.ALL ]   # whatever it is',
    );
  });
});

const anchored = `# Shared by all
StartAt: A
States:
  A: &work   # the model of the others
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Retry: &retry
      # Patience
      - ErrorEquals: [ States.ALL ]
        MaxAttempts: &most 3   # enough
    Next: B
  # As A is
  B:
    <<: *work   # nearly
    Next: C
  C:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Retry: *retry   # the same
    TimeoutSeconds: *most
    End: true
`;

const comments = (text: string) => text.match(/#[^\n]*/g) ?? [];

describe('a YAML text with anchors', () => {
  it('is read as the server reads it', () => {
    const read = readSource(anchored, 'YAML');
    expect(read.ok && read.definition.States?.B).toMatchObject({ Type: 'Task', Next: 'C' });
  });
  it('keeps them while an edit is about something else', () => {
    expect(
      difference(anchored, applied(anchored, 'YAML', setField('C', ['Comment'], 'x'))),
    ).toEqual({ gone: [], come: ['    Comment: x'] });
  });
  it('loses no comment where one of several places changes', () => {
    for (const command of [
      setField('A', ['TimeoutSeconds'], 9),
      setField('C', ['Retry', 0, 'MaxAttempts'], 5),
      setField('B', ['Resource'], 'arn:aws:states:::sns:publish'),
    ]) {
      const made = applied(anchored, 'YAML', command);
      expect(comments(made)).toEqual(comments(anchored));
      expect(readSource(made, 'YAML').ok).toBe(true);
    }
  });
});

describe('a text that is not edited', () => {
  it('stays what it is', () => {
    for (const [text, format] of [
      [json, 'JSON'],
      [yaml, 'YAML'],
      [anchored, 'YAML'],
    ] as const) {
      const read = readSource(text, format);
      const copy = JSON.parse(JSON.stringify(read.ok ? read.definition : null)) as Definition;
      expect(rewriteSource(text, format, copy, copy)).toBe(text);
    }
  });
});
