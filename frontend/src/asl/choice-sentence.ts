/** Choice rules as sentences: what an edge of the graph says about when it is taken. */

import type { ChoiceRule } from './definition';

const COMPARISONS: Record<string, string> = {
  Equals: 'is',
  LessThan: '<',
  GreaterThan: '>',
  LessThanEquals: '≤',
  GreaterThanEquals: '≥',
};

const TIME_COMPARISONS: Record<string, string> = {
  Equals: 'is at',
  LessThan: 'is before',
  GreaterThan: 'is after',
  LessThanEquals: 'is at or before',
  GreaterThanEquals: 'is at or after',
};

const TYPE_TESTS: Record<string, [yes: string, no: string]> = {
  IsPresent: ['is present', 'is missing'],
  IsNull: ['is null', 'is not null'],
  IsNumeric: ['is a number', 'is not a number'],
  IsString: ['is a string', 'is not a string'],
  IsBoolean: ['is a boolean', 'is not a boolean'],
  IsTimestamp: ['is a timestamp', 'is not a timestamp'],
};

/** `$.order.total` as `order.total`; `$` alone as `input`; context paths keep their `$$`. */
function path(text: string): string {
  if (text === '$') return 'input';
  return text.startsWith('$.') ? text.slice(2) : text;
}

function literal(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function comparison(subject: string, operator: string, operand: unknown): string {
  const test = TYPE_TESTS[operator];
  if (test) return `${subject} ${operand === false ? test[1] : test[0]}`;
  if (operator === 'StringMatches') return `${subject} matches ${literal(operand)}`;
  const isPath = operator.endsWith('Path');
  const match = /^(String|Numeric|Boolean|Timestamp)(.+?)(?:Path)?$/.exec(operator);
  const kind = match?.[1];
  const word = match?.[2];
  if (kind === undefined || word === undefined) return `${subject} ${operator} ${literal(operand)}`;
  const verb = (kind === 'Timestamp' ? TIME_COMPARISONS : COMPARISONS)[word] ?? word;
  const isTime = kind === 'Timestamp' && typeof operand === 'string';
  if (isPath) return `${subject} ${verb} ${path(String(operand))}`;
  return `${subject} ${verb} ${isTime ? operand : literal(operand)}`;
}

function joined(rules: ChoiceRule[], word: string, nested: boolean): string {
  const text = rules.map((rule) => sentence(rule, rules.length > 1)).join(` ${word} `);
  return nested && rules.length > 1 ? `(${text})` : text;
}

function sentence(rule: ChoiceRule, nested: boolean): string {
  if (typeof rule.Condition === 'string') {
    return rule.Condition.replace(/^\s*\{%\s*/, '').replace(/\s*%\}\s*$/, '');
  }
  if (rule.Condition !== undefined) return String(rule.Condition);
  if (Array.isArray(rule.And)) return joined(rule.And, 'and', nested);
  if (Array.isArray(rule.Or)) return joined(rule.Or, 'or', nested);
  if (rule.Not) return `not ${sentence(rule.Not, true)}`;
  const subject = path(rule.Variable ?? '$');
  const entry = Object.entries(rule).find(
    ([key]) => !['Variable', 'Next', 'Comment', 'Assign', 'Output'].includes(key),
  );
  return entry ? comparison(subject, entry[0], entry[1]) : subject;
}

/** One rule in plain words, such as `total > 100 and status is "new"`. */
export function choiceSentence(rule: ChoiceRule): string {
  return sentence(rule, false);
}
