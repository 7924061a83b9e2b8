/** What CodeMirror offers at the cursor: fields, states, and the paths that data can have there. */

import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';

import { allNames, findState } from '@/asl/edit/scopes';
import { pathAt, stateOfPath, type SourcePath } from '@/asl/source/positions';

import type { EditorStore } from '../editor-store';
import { errorNames } from '../inspector/error-names';
import { offeredTo } from '../offers/ask';
import { offersAt, tokenBefore, type Stage } from '../offers/offers';
import { FIELDS } from './fields';

/** At which stage of a state's data its field is evaluated. */
const STAGES: Readonly<Record<string, Stage>> = {
  InputPath: 'input',
  ResultPath: 'input',
  ResultSelector: 'result',
  OutputPath: 'combined',
  Output: 'result',
  Assign: 'result',
  Catch: 'error',
};

/** The keys below the innermost state: what a path says of its fields. */
function fieldsOf(path: SourcePath, state: string): SourcePath {
  const at = path.lastIndexOf(state);
  return path.slice(at + 1);
}

/** Paths, variables and functions, where something that can be one is being written. */
async function offers(
  editor: EditorStore,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const { document } = editor.getState();
  const line = context.state.doc.lineAt(context.pos);
  const found = tokenBefore(line.text, context.pos - line.from);
  if (!found) return null;
  // While something is written the text may be broken: then the line before it says where.
  const path = pathAt(context.state.doc.toString(), document.format, context.pos);
  const name = stateOfPath(path) ?? document.selected.at(-1);
  if (name === undefined) return null;
  const [field = '', , inner] = fieldsOf(path, name);
  const state = findState(document.definition, name)?.state;
  const language = state?.QueryLanguage ?? document.definition.QueryLanguage ?? 'JSONPath';
  const errors = fieldsOf(path, name).includes('ErrorEquals');
  const works = ['Task', 'Parallel', 'Map'].includes(state?.Type ?? '');
  const stage = field === 'Catch' && inner === 'ResultPath' ? 'input' : STAGES[String(field)];
  const possible = !works && stage === 'result' ? 'input' : (stage ?? 'effective');
  const options = errors
    ? await errorNames()
    : offersAt(possible, await offeredTo(document.definition, name), language);
  return {
    from: line.from + found.from,
    options: options.map((label) => ({ label, type: 'variable' })),
    validFor: /^(\$|States\.)[\w$.[\]'*(-]*$/,
  };
}

/** Names of fields at a key, names of states where one is wanted, paths in a text. */
export const completion =
  (editor: EditorStore) =>
  (context: CompletionContext): CompletionResult | null | Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w.?-]*/);
    const line = context.state.doc.lineAt(context.pos);
    if (tokenBefore(line.text, context.pos - line.from)) return offers(editor, context);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const before = line.text.slice(0, word.from - line.from);
    const wantsState = /"?(Next|Default|StartAt)"?\s*:\s*"?$/.test(before);
    const options = wantsState
      ? [...allNames(editor.getState().document.definition)].map((label) => ({
          label,
          type: 'variable',
        }))
      : /:\s*"?$/.test(before)
        ? []
        : FIELDS.map(([label, detail]) => ({ label, detail, type: 'property' }));
    return options.length > 0 ? { from: word.from, options, validFor: /^[\w.?-]*$/ } : null;
  };
