import { describe, expect, it } from 'vitest';

import type { TestedState } from '@/api/trials';

import { stagesOf } from './stages';

const tested: TestedState = {
  status: 'SUCCEEDED',
  output: '{"a":1}',
  error: null,
  cause: null,
  nextState: null,
  task: null,
  testedAlone: false,
  inspectionData: { input: '{"a":1}', afterInputPath: '{"a":1}', result: '2' },
};

describe('stages', () => {
  it('stand in order, and say where nothing changed', () => {
    expect(stagesOf(tested).map(({ title, same }) => [title, same])).toEqual([
      ['Input', false],
      ['After InputPath', true],
      ['Result', false],
      ['Output', false],
    ]);
  });
  it('end with what the task would be given, while it has no result', () => {
    const waiting = {
      ...tested,
      status: null,
      output: null,
      inspectionData: { input: '{}', variables: '{"x":1}' },
      task: {
        resource: 'arn',
        parameters: '{"p":1}',
        timeoutSeconds: null,
        heartbeatSeconds: null,
      },
    } as TestedState;
    expect(stagesOf(waiting).map(({ title }) => title)).toEqual([
      'Input',
      'The task is given',
      'Variables after',
    ]);
  });
});
