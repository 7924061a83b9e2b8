/** Where everything begins: a definition in which nothing is written yet. */

import type { Definition } from '@/asl/definition';

export const BLANK = '{\n  "StartAt": "",\n  "States": {}\n}\n';

/** Whether a definition says nothing yet. There is nothing to complain of in one that does not. */
export const isBlank = (definition: Definition): boolean =>
  !definition.StartAt &&
  Object.keys(definition.States ?? {}).length === 0 &&
  Object.keys(definition).every((name) => name === 'StartAt' || name === 'States');
