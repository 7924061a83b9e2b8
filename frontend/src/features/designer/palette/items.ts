/** What can be put on the canvas: flow states, what this installation can call, and patterns. */

import type { Actions } from '@/api/definitions';
import type { Scope, State } from '@/asl/definition';
import { FOLLOW, single } from '@/asl/edit';

import { askAPerson, patterns } from './patterns';

export interface PaletteItem {
  id: string;
  group: 'Flow' | 'Functions' | 'Services' | 'Patterns';
  label: string;
  hint: string;
  /** A state like it, for the icon. */
  like: State;
  fragment: () => Scope;
}

export type QueryLanguage = 'JSONPath' | 'JSONata';

const empty = () => ({ StartAt: '', States: {} });

function flow(language: QueryLanguage): PaletteItem[] {
  const item = (label: string, hint: string, state: () => State): PaletteItem => ({
    id: `flow:${label}`,
    group: 'Flow',
    label,
    hint,
    like: { Type: label },
    fragment: () => single(label, state()),
  });
  const rule =
    language === 'JSONata'
      ? { Condition: '{% $states.input.ready = true %}', Next: FOLLOW }
      : { Variable: '$.ready', BooleanEquals: true, Next: FOLLOW };
  return [
    item('Choice', 'goes one of several ways', () => ({
      Type: 'Choice',
      Choices: [rule],
      Default: FOLLOW,
    })),
    item('Parallel', 'does several things at once', () => ({
      Type: 'Parallel',
      Branches: [empty(), empty()],
    })),
    item('Map', 'does the same for each item', () => ({
      Type: 'Map',
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...empty() },
    })),
    item('Wait', 'lets time pass', () => ({ Type: 'Wait', Seconds: 5 })),
    item('Pass', 'reshapes the data', () => ({ Type: 'Pass' })),
    item('Succeed', 'ends with success', () => ({ Type: 'Succeed' })),
    item('Fail', 'ends with an error', () => ({
      Type: 'Fail',
      Error: 'Failed',
      Cause: 'Say here what went wrong.',
    })),
  ];
}

/** "charge_card" as "Charge card". */
export function titled(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A Task that invokes a function with the state's input. */
export function invoke(name: string, language: QueryLanguage): State {
  const resource = 'arn:aws:states:::lambda:invoke';
  return language === 'JSONata'
    ? {
        Type: 'Task',
        Resource: resource,
        Arguments: { FunctionName: name, Payload: '{% $states.input %}' },
        ...({ Output: '{% $states.result.Payload %}' } as State),
      }
    : {
        Type: 'Task',
        Resource: resource,
        Parameters: { FunctionName: name, 'Payload.$': '$' },
        ...({ OutputPath: '$.Payload' } as State),
      };
}

export function paletteItems(actions: Actions | undefined, language: QueryLanguage): PaletteItem[] {
  const functions = (actions?.functions ?? []).map((name): PaletteItem => {
    const state = invoke(name, language);
    return {
      id: `function:${name}`,
      group: 'Functions',
      label: titled(name),
      hint: name,
      like: state,
      fragment: () => single(titled(name), state),
    };
  });
  const services = (actions?.services ?? []).map(({ resource, service, action }): PaletteItem => {
    const state: State =
      resource === 'arn:aws:states:::lambda:invoke'
        ? invoke('my_function', language)
        : resource === 'arn:aws:states:::approval:request'
          ? askAPerson(language)
          : {
              Type: 'Task',
              Resource: resource,
              [language === 'JSONata' ? 'Arguments' : 'Parameters']: {},
            };
    return {
      id: resource,
      group: 'Services',
      label: `${service} ${action}`,
      hint: resource,
      like: state,
      fragment: () => single(titled(`${service} ${action}`), state),
    };
  });
  return [...flow(language), ...functions, ...services, ...patterns(language)];
}

/** Items that a search means: every word of it occurs in the label, the hint or the group. */
export function matching(items: readonly PaletteItem[], search: string): PaletteItem[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(({ label, hint, group }) => {
    const text = `${label} ${hint} ${group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
