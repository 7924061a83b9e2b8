/** The stages of a state's data, in the order in which it comes by. */

import type { TestedState } from '@/api/trials';

export interface Stage {
  title: string;
  /** JSON text. */
  text: string;
  /** It is what it was before: the field that could change it does not, or is not there. */
  same: boolean;
}

type Data = TestedState['inspectionData'];

const STAGES: readonly (readonly [keyof Data, string])[] = [
  ['input', 'Input'],
  ['afterInputPath', 'After InputPath'],
  ['afterItemsPath', 'Items'],
  ['afterItemSelector', 'After ItemSelector'],
  ['afterParameters', 'After Parameters'],
  ['afterArguments', 'Arguments'],
  ['result', 'Result'],
  ['afterResultSelector', 'After ResultSelector'],
  ['afterResultPath', 'After ResultPath'],
];

/** Those that were reached. What the task would be given counts, where no result is known yet. */
export function stagesOf(tested: TestedState): Stage[] {
  const { inspectionData: data, output, task } = tested;
  const found: { title: string; text: string }[] = STAGES.flatMap(([key, title]) => {
    const text = data[key];
    return typeof text === 'string' ? [{ title, text }] : [];
  });
  const given = data.afterParameters ?? data.afterArguments;
  if (task && given === undefined)
    found.push({ title: 'The task is given', text: task.parameters });
  if (output !== null) found.push({ title: 'Output', text: output });
  const stages = found.map(({ title, text }, index): Stage => ({
    title,
    text,
    same: text === found[index - 1]?.text,
  }));
  if (data.variables !== undefined && data.variables !== '{}') {
    stages.push({ title: 'Variables after', text: data.variables, same: false });
  }
  return stages;
}
