import { describe, expect, it } from 'vitest';

import {
  created,
  fieldsProblem,
  keptSettings,
  readFields,
  readTags,
  settingsOf,
  tagsProblem,
  toKeep,
  updated,
  writeFields,
  writeTags,
} from './settings';

const GROUP = 'arn:aws:logs:us-east-1:123456789012:log-group:orders:*';
const MACHINE = {
  type: 'STANDARD' as const,
  roleArn: 'arn:aws:iam::123456789012:role/orders',
  loggingConfiguration: {
    level: 'ALL',
    includeExecutionData: true,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: GROUP } }],
  },
  tracingConfiguration: { enabled: true },
  tags: { team: 'shop' },
  sampleInput: '{"total": 3}',
  sensitiveFields: ['$.card.number'],
};

describe('settings of a state machine', () => {
  it('sends nothing that has not changed', () => {
    expect(updated(settingsOf(MACHINE), MACHINE)).toEqual({});
    expect(created(settingsOf(null))).toEqual({ type: 'STANDARD' });
  });

  it('sends what has changed, in the shape of AWS', () => {
    const settings = { ...settingsOf(MACHINE), logLevel: 'ERROR', tracing: false };
    expect(updated(settings, MACHINE)).toEqual({
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: GROUP } }],
      },
      tracingConfiguration: { enabled: false },
    });
  });

  it('creates with everything that was chosen', () => {
    const settings = { ...settingsOf(MACHINE), type: 'EXPRESS' as const };
    expect(created(settings)).toEqual({ ...MACHINE, type: 'EXPRESS' });
  });

  it('are the same after a draft has kept them', () => {
    const settings = settingsOf(MACHINE);
    expect(keptSettings({ ...settings })).toEqual(settings);
    expect(keptSettings({})).toEqual(settingsOf(null));
    expect(keptSettings({ tracing: 'yes', unknown: 1, roleArn: 'arn' })).toEqual({
      ...settingsOf(null),
      roleArn: 'arn',
    });
  });

  it('sends tags and the sample input where they differ, in whatever order', () => {
    const machine = { ...MACHINE, tags: { team: 'shop', cost: '7' } };
    const settings = settingsOf(machine);
    expect(updated({ ...settings, tags: { cost: '7', team: 'shop' } }, machine)).toEqual({});
    expect(updated({ ...settings, tags: { cost: '7' }, sampleInput: '' }, machine)).toEqual({
      tags: { cost: '7' },
      sampleInput: '',
    });
  });

  it('sends sensitive fields where they differ', () => {
    const settings = { ...settingsOf(MACHINE), sensitiveFields: ['token', '$.card.number'] };
    expect(updated(settings, MACHINE)).toEqual({ sensitiveFields: ['token', '$.card.number'] });
    expect(toKeep(settings, settingsOf(MACHINE))).toEqual({
      sensitiveFields: ['token', '$.card.number'],
    });
    expect(keptSettings({ sensitiveFields: { 0: 'token' } })).toEqual(settingsOf(null));
  });

  it('keep in a draft what was changed, and no more', () => {
    const published = settingsOf(MACHINE);
    expect(toKeep(published, published)).toEqual({});
    const changed = { ...published, tracing: false, tags: {}, roleArn: '' };
    const kept = toKeep(changed, published);
    expect(kept).toEqual({ tracing: false, tags: {} });
    // Somebody else has changed the logging meanwhile: that is kept, too.
    const theirs = { ...published, logLevel: 'OFF' };
    expect(keptSettings(kept, theirs)).toEqual({ ...theirs, tracing: false, tags: {} });
    expect(keptSettings({ type: 'EXPRESS' }, published)).toEqual(published);
    expect(toKeep(changed, null)).toEqual(changed);
  });

  it('leaves the role as it is where the field was emptied', () => {
    expect(updated({ ...settingsOf(MACHINE), roleArn: '' }, MACHINE)).toEqual({});
  });
});

describe('sensitive fields as lines', () => {
  it('reads what it writes, each once', () => {
    const fields = ['$.card.number', 'token'];
    expect(readFields(writeFields(fields))).toEqual(fields);
    expect(readFields(' token \n\ntoken')).toEqual(['token']);
  });

  it('names the line that marks nothing', () => {
    expect(fieldsProblem('$.items[*].token\nplain key')).toBeUndefined();
    expect(fieldsProblem('token\n$.')).toMatch(/\$\.$/);
    expect(fieldsProblem('$')).toBeDefined();
  });
});

describe('tags as lines', () => {
  it('reads what it writes', () => {
    const tags = { team: 'shop', url: 'a=b', empty: '' };
    expect(readTags(writeTags(tags))).toEqual(tags);
  });

  it('names the line that is none', () => {
    expect(tagsProblem('a=b\n\n c')).toBe('Write a tag as key=value: c');
    expect(tagsProblem('=b')).toBeDefined();
    expect(tagsProblem(' a = b \n')).toBeUndefined();
  });
});
