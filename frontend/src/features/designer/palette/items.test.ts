import { describe, expect, it } from 'vitest';

import { insertFirst } from '@/asl/edit';
import { chain, done } from '@/asl/edit/edit.fixture';
import { TOP } from '@/asl/edit/scopes';
import { structureProblems } from '@/asl/edit/structure';

import { matching, paletteItems, titled, type QueryLanguage } from './items';

const actions = {
  functions: ['charge_card'],
  services: [
    {
      resource: 'arn:aws:states:::sqs:sendMessage',
      service: 'sqs',
      action: 'sendMessage',
      patterns: [],
    },
  ],
};

describe.each(['JSONPath', 'JSONata'] as QueryLanguage[])('the palette in %s', (language) => {
  it('offers what hangs together, before something and on an empty canvas', () => {
    for (const item of paletteItems(actions, language)) {
      const alone = done(insertFirst(TOP, item.fragment())({ StartAt: '', States: {} }));
      expect(structureProblems(alone), item.label).toEqual([]);
      if (['Succeed', 'Fail'].includes(item.label)) continue;
      const before = done(insertFirst(TOP, item.fragment())(chain('A')));
      expect(structureProblems(before), item.label).toEqual([]);
      expect(JSON.stringify(before)).not.toContain('"Next":""');
    }
  });
});

describe('searching', () => {
  it('takes every word', () => {
    const items = paletteItems(actions, 'JSONPath');
    expect(matching(items, 'charge').map(({ label }) => label)).toEqual(['Charge card']);
    expect(matching(items, 'sqs send')).toHaveLength(1);
    expect(matching(items, 'sqs charge')).toEqual([]);
    expect(titled('chargeCard')).toBe('Charge card');
  });
});
