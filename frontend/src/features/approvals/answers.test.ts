import { expect, it } from 'vitest';

import type { ApprovalField } from '@/api/approvals';

import { answersOf, filledAtFirst, isNoNumber, missing } from './answers';

const field = (name: string, type: ApprovalField['type'], more: Partial<ApprovalField> = {}) => ({
  name,
  label: name.toUpperCase(),
  type,
  required: false,
  choices: [],
  default: null,
  ...more,
});

const form: ApprovalField[] = [
  field('amount', 'number', { required: true, default: 20 }),
  field('why', 'choice', { choices: ['a', 'b'] }),
  field('sure', 'boolean', { default: true }),
  field('note', 'text', { required: true }),
];

it('begins with the defaults', () => {
  expect(filledAtFirst(form)).toEqual({ amount: '20', why: '', sure: true, note: '' });
});

it('says what was filled in, in the types of the fields', () => {
  const filled = { amount: ' 12.5 ', why: 'b', sure: false, note: '' };
  expect(answersOf(form, filled)).toEqual({ amount: 12.5, why: 'b', sure: false });
  expect(answersOf(form, { amount: 'much' })).toEqual({ amount: 'much' });
});

it('names what is missing by its label', () => {
  expect(missing(form, filledAtFirst(form))).toEqual(['NOTE']);
});

it('tells a number from what is none, and from nothing', () => {
  const refused = (text: string) =>
    form.filter((each) => isNoNumber(each, { amount: text, note: text })).map(({ name }) => name);
  expect(['5e', 'much', '1,5'].map(refused)).toEqual([['amount'], ['amount'], ['amount']]);
  expect(['', ' 12.5 ', '-3'].flatMap(refused)).toEqual([]);
});
