import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Definition } from '../definition';
import {
  DISTRIBUTED_FIELDS,
  itemSourceOf,
  processingOf,
  setBatching,
  setItemSource,
  setProcessing,
  setResultWriter,
  type ItemSource,
  type Processing,
} from './distributed-map';
import { done, orders, reason } from './edit.fixture';
import { exchangeField, setTemplateMember } from './exchange';
import type { Command } from './outcome';
import { findState, type AnyState } from './scopes';
import { structureProblems } from './structure';

const PROCESSING: Processing[] = ['INLINE', 'STANDARD', 'EXPRESS'];
const SOURCES: ItemSource[] = ['INPUT', 'CSV', 'JSON', 'JSONL', 'PARQUET', 'MANIFEST', 'OBJECTS'];

function mapOf(definition: Definition): AnyState {
  const found = findState(definition, 'Items');
  if (!found) throw new Error('The Map has gone.');
  return found.state;
}

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom(...PROCESSING).map((each) => setProcessing('Items', each)),
  fc.constantFrom(...SOURCES).map((each) => setItemSource('Items', each)),
  fc.boolean().map((on) => setBatching('Items', on)),
  fc.boolean().map((on) => setResultWriter('Items', on)),
  fc
    .constantFrom('my-bucket', '$.bucket', '$$.Execution.Name', "States.Format('{}', $.b)")
    .map((value) => setTemplateMember('Items', ['ItemReader', 'Parameters'], 'Bucket', value)),
  fc
    .constantFrom<[string, string, unknown][]>(
      ['MaxConcurrency', 'MaxConcurrencyPath', '$.most'],
      ['MaxConcurrencyPath', 'MaxConcurrency', 5],
      ['ToleratedFailureCount', 'ToleratedFailurePercentage', 10],
    )
    .map(([from, to, value]) => exchangeField('Items', [], from, to, value)),
);

const after = (sequence: Command[]) =>
  sequence.reduce((definition, command) => done(command(definition)), orders);

describe('a Map worked off otherwise', () => {
  it('keeps its states, its transitions and what it knows nothing of', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 20 }), (sequence) => {
        const definition = after(sequence);
        expect(structureProblems(definition)).toEqual([]);
        const { ItemProcessor, Next, Type } = mapOf(definition);
        expect([Type, Next, Object.keys(ItemProcessor?.States ?? {})]).toEqual([
          'Map',
          'Ship',
          ['Count'],
        ]);
        const others = Object.entries(definition.States ?? {}).filter(([name]) => name !== 'Items');
        expect(others).toEqual(
          Object.entries(orders.States ?? {}).filter(([name]) => name !== 'Items'),
        );
      }),
    );
  });

  it('is inline without any field that only child executions have', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 20 }), (sequence) => {
        const state = mapOf(after([...sequence, setProcessing('Items', 'INLINE')]));
        expect(DISTRIBUTED_FIELDS.filter((field) => field in state)).toEqual([]);
        expect(processingOf(state)).toBe('INLINE');
      }),
    );
  });

  it('says what was last chosen, and choosing again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(commands, { maxLength: 12 }),
        fc.constantFrom(...PROCESSING),
        fc.constantFrom(...SOURCES),
        (sequence, processing, source) => {
          const chosen = [setProcessing('Items', processing), setItemSource('Items', source)];
          const once = after([...sequence, ...chosen]);
          expect(processingOf(mapOf(once))).toBe(processing);
          expect(itemSourceOf(mapOf(once))).toBe(source);
          const [, again] = chosen;
          expect(JSON.stringify(again && done(again(once)))).toBe(JSON.stringify(once));
        },
      ),
    );
  });

  it('asks for headers of CSV only, and for a key or a prefix', () => {
    fc.assert(
      fc.property(
        fc.array(commands, { maxLength: 12 }),
        fc.constantFrom(...SOURCES.filter((each) => each !== 'INPUT')),
        (sequence, source) => {
          const reader = mapOf(after([...sequence, setItemSource('Items', source)])).ItemReader as {
            Parameters: object;
            ReaderConfig?: object;
          };
          const names = Object.keys(reader.Parameters).map((each) => each.replace('.$', ''));
          expect(names.includes(source === 'OBJECTS' ? 'Key' : 'Prefix')).toBe(false);
          const csv = 'CSVHeaderLocation' in (reader.ReaderConfig ?? {});
          expect(csv).toBe(source === 'CSV');
        },
      ),
    );
  });

  it('refuses what is no Map', () => {
    expect(reason(setProcessing('Ship', 'STANDARD')(orders))).toBe('wrong-type');
    expect(reason(setItemSource('Nobody', 'CSV')(orders))).toBe('no-such-state');
  });
});

describe('one field for another', () => {
  const names = fc.constantFrom('Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath');
  const record = fc.dictionary(fc.constantFrom('Comment', 'Seconds', 'x', 'Next'), fc.nat());

  it('stands in its place, and everything else stays in order', () => {
    fc.assert(
      fc.property(record, names, names, (fields, from, to) => {
        const definition: Definition = {
          StartAt: 'Nap',
          States: { Nap: { ...fields, Type: 'Wait', Next: 'Up' }, Up: { Type: 'Succeed' } },
        };
        const before = Object.keys(findState(definition, 'Nap')?.state ?? {});
        const state = findState(
          done(exchangeField('Nap', [], from, to, 'now')(definition)),
          'Nap',
        )?.state;
        const keys = Object.keys(state ?? {});
        expect(state?.[to]).toBe('now');
        if (from !== to) expect(keys).not.toContain(from);
        const rest = (list: string[]) => list.filter((each) => each !== from && each !== to);
        expect(rest(keys)).toEqual(rest(before));
        if (before.includes(from)) {
          const others = before.filter((each) => each === from || each !== to);
          expect(keys.indexOf(to)).toBe(others.indexOf(from));
        }
      }),
    );
  });

  it('is a template member under the right name, once', () => {
    const values = fc.constantFrom(
      'plain',
      '$.a',
      '$$.Execution.Id',
      'States.UUID()',
      5,
      undefined,
    );
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 8 }), (sequence) => {
        const definition = after(
          sequence.map((value) => setTemplateMember('Ship', ['Parameters'], 'Bucket', value)),
        );
        const found = (findState(definition, 'Ship')?.state.Parameters ?? {}) as object;
        const last = sequence.at(-1);
        const taken = typeof last === 'string' && /^(\$|States)/.test(last);
        const kept = Object.entries(found).filter(([key]) => key.startsWith('Bucket'));
        const expected = last === undefined ? [] : [[taken ? 'Bucket.$' : 'Bucket', last]];
        expect(kept).toEqual(expected);
      }),
    );
  });
});
