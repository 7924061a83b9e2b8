import { expect, test } from 'vitest';

import { FIELDS, parametersOf, type Kind } from './authorization';

test.each(Object.keys(FIELDS) as Kind[])('%s: what is filled in is all sent', (kind) => {
  const filled = Object.fromEntries(FIELDS[kind].map(({ name }) => [name, `the ${name}`]));
  const sent = JSON.stringify(parametersOf(kind, filled));
  for (const text of Object.values(filled)) expect(sent).toContain(text);
});
