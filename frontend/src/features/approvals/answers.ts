/** The form of an approval: what stands in its fields at first, and what it says. Pure. */

import type { ApprovalAnswers, ApprovalField } from '@/api/approvals';

/** What is in each field, as its control has it. */
export type Filled = Record<string, string | boolean>;

export function filledAtFirst(form: readonly ApprovalField[]): Filled {
  return Object.fromEntries(
    form.map(({ name, type, default: given }) => [
      name,
      type === 'boolean'
        ? given === true
        : typeof given === 'string' || typeof given === 'number'
          ? String(given)
          : '',
    ]),
  );
}

/** The answers to send: what is empty is left out; a number that is none stays a text to refuse. */
export function answersOf(form: readonly ApprovalField[], filled: Filled): ApprovalAnswers {
  return Object.fromEntries(
    form.flatMap(({ name, type }): [string, string | number | boolean][] => {
      const value = filled[name] ?? '';
      if (typeof value === 'boolean') return [[name, value]];
      const text = value.trim();
      if (text === '') return [];
      const number = Number(text);
      return [[name, type === 'number' && Number.isFinite(number) ? number : text]];
    }),
  );
}

/** The labels of the fields that must be filled in before somebody approves. */
export function missing(form: readonly ApprovalField[], filled: Filled): string[] {
  const answers = answersOf(form, filled);
  return form.filter(({ name, required }) => required && !(name in answers)).map((f) => f.label);
}

/** Whether a field is to be a number and says something that is none. */
export const isNoNumber = ({ name, type }: ApprovalField, filled: Filled): boolean => {
  const value = filled[name];
  return type === 'number' && typeof value === 'string' && !Number.isFinite(Number(value));
};
