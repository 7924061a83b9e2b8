/**
 * Histories of every example, recorded from a whole installation by tests/e2e/record_histories.py.
 * What a page that watched an execution shows must be what one that is opened later shows, after
 * every single event.
 */

import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { Checkpoints } from './checkpoints';
import type { HistoryEvent } from './event';
import { applyEvents, foldEvents } from './fold';
import { emptyModel, type ExecutionModel } from './model';
import { stagesOf, variablesAt } from './stages';
import { segmentsOf, timeScale } from './timeline';
import { treeRows } from './tree';
import { failureOf, viewOf } from './view';

const FOLDER = new URL('./recorded/', import.meta.url);
const histories = readdirSync(FOLDER).map((file): [string, HistoryEvent[]] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as HistoryEvent[],
]);

/** Everything that the page shows of a model. */
function shown(model: ExecutionModel, events: readonly HistoryEvent[]) {
  const now = (events.at(-1)?.timestamp ?? 0) + 1;
  return {
    view: viewOf(model, {}),
    picked: viewOf(model, { 'Reserve items': 1, 'Each picture': 0 }),
    failure: failureOf(model),
    rows: treeRows(model, new Map()),
    scale: timeScale(model, now, true),
    segments: model.visits.map((visit) => segmentsOf(visit, now)),
    stages: model.visits.map((visit) => stagesOf(visit, events)),
    variables: model.visits.map((_, place) => variablesAt(model, place)),
  };
}

describe.each(histories)('%s', (_, events) => {
  it('looks the same live and loaded, after every event', () => {
    let live = emptyModel;
    const checkpoints = new Checkpoints();
    for (let upTo = 1; upTo <= events.length; upTo++) {
      live = applyEvents(live, events.slice(upTo - 1, upTo));
      const known = events.slice(0, upTo);
      const loaded = foldEvents(known);
      expect(live).toEqual(loaded);
      expect(checkpoints.at(events, upTo)).toEqual(loaded);
    }
    expect(shown(live, events)).toEqual(shown(foldEvents(events), events));
  });

  it('looks the same in whatever pieces it came, some of them twice', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: events.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, fc.integer({ min: 0, max: 9 }), (at, again) => {
        let live = emptyModel;
        for (const cut of [...at, events.length].sort((a, b) => a - b)) {
          live = applyEvents(live, events.slice(Math.max(0, live.lastEventId - again), cut));
          const known = events.slice(0, cut);
          expect(shown(live, known)).toEqual(shown(foldEvents(known), known));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('says at its end what its last event says', () => {
    const { status, endedAt, visits } = foldEvents(events);
    const last = events.at(-1);
    expect(last?.type).toBe(
      { SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', ABORTED: 'ExecutionAborted' }[
        status as string
      ],
    );
    expect(endedAt).toBe(last?.timestamp);
    // Nothing outlives the execution.
    expect(visits.filter((visit) => visit.exitedAt === null)).toEqual([]);
  });
});

it('has every example', () => {
  const examples = readdirSync(new URL('../../../examples/', import.meta.url), {
    withFileTypes: true,
  }).filter((each) => each.isDirectory());
  for (const { name } of examples) {
    expect(histories.some(([history]) => history.startsWith(`${name}-`))).toBe(true);
  }
});
