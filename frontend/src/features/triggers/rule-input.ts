/** Where a rule's executions have their input from: EventBridge's ways, as a form has them. */

import type { NewRule, Rule } from '@/api/triggers';

import { readObject } from './read-object';

export type InputKind = 'event' | 'path' | 'template' | 'constant';

export const INPUT_WORDS: Record<InputKind, string> = {
  event: 'The whole event',
  path: 'A part of the event',
  template: 'A template with values of the event',
  constant: 'Always the same',
};

export interface RuleInput {
  kind: InputKind;
  path: string;
  /** JSON: from variables to JSONPaths. */
  paths: string;
  template: string;
  constant: string;
}

export const WHOLE_EVENT: RuleInput = {
  kind: 'event',
  path: '$.detail',
  paths: '{\n  "total": "$.detail.total"\n}',
  template: '{\n  "amount": <total>\n}',
  constant: '{}',
};

/** What the form begins with for a rule that is there. */
export function inputOf({ input, inputPath, inputTransformer }: Rule): RuleInput {
  if (input) return { ...WHOLE_EVENT, kind: 'constant', constant: input };
  if (inputPath) return { ...WHOLE_EVENT, kind: 'path', path: inputPath };
  if (inputTransformer)
    return {
      ...WHOLE_EVENT,
      kind: 'template',
      paths: JSON.stringify(inputTransformer.inputPathsMap ?? {}, null, 2),
      template: inputTransformer.inputTemplate,
    };
  return WHOLE_EVENT;
}

/** What the form says, as the API takes it: one way takes the place of the others. */
export function givenInput(
  of: RuleInput,
): Pick<NewRule, 'input' | 'inputPath' | 'inputTransformer'> {
  switch (of.kind) {
    case 'event':
      return { input: '' };
    case 'path':
      return { inputPath: of.path.trim() };
    case 'constant':
      return { input: of.constant };
    case 'template':
      return {
        inputTransformer: {
          inputPathsMap: readObject(of.paths, 'The variables') as Record<string, string>,
          inputTemplate: of.template,
        },
      };
  }
}
