import { bench, describe } from 'vitest';

import { placesOf } from '../definition';
import { generateDefinition } from './definitions.fixture';
import { layOutDefinition } from './graph-layout';

const definition = generateDefinition(1, 1000, 6);

describe(`layout of ${placesOf(definition).size} nested states (budget: 30 ms)`, () => {
  bench('layOutDefinition', () => {
    layOutDefinition(definition);
  });
});
