import { describe, expect, it } from 'vitest';

import {
  created,
  keptSettings,
  readTags,
  settingsOf,
  tagsProblem,
  updated,
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

  it('leaves the role as it is where the field was emptied', () => {
    expect(updated({ ...settingsOf(MACHINE), roleArn: '' }, MACHINE)).toEqual({});
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
