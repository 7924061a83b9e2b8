/**
 * What a state machine has beside its definition. A draft keeps it with the text until it is
 * published: all of it where the state machine is to be created, otherwise what was changed.
 */

import type { StateMachine } from '@/api/state-machines';

export const LOG_LEVELS = ['OFF', 'FATAL', 'ERROR', 'ALL'] as const;

export interface MachineSettings {
  /** Chosen when the state machine is created, and for ever. */
  type: StateMachine['type'];
  /** Empty: the server's own role. */
  roleArn: string;
  logLevel: string;
  logGroupArn: string;
  includeExecutionData: boolean;
  tracing: boolean;
  tags: Record<string, string>;
  /** JSON text that the start dialog offers; empty: none. */
  sampleInput: string;
  /** Names of keys, and paths such as $.card.number: hidden from those who may not see them. */
  sensitiveFields: string[];
}

type Described = Pick<
  StateMachine,
  | 'type'
  | 'roleArn'
  | 'loggingConfiguration'
  | 'tracingConfiguration'
  | 'tags'
  | 'sampleInput'
  | 'sensitiveFields'
>;

/** As the server tells them; for a state machine that is not created yet, what it would be. */
export function settingsOf(machine: Described | null): MachineSettings {
  const logging = (machine?.loggingConfiguration ?? {}) as {
    level?: string;
    includeExecutionData?: boolean;
    destinations?: { cloudWatchLogsLogGroup?: { logGroupArn?: string } }[];
  };
  return {
    type: machine?.type ?? 'STANDARD',
    roleArn: machine?.roleArn ?? '',
    logLevel: logging.level ?? 'OFF',
    logGroupArn: logging.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn ?? '',
    includeExecutionData: logging.includeExecutionData ?? false,
    tracing: machine?.tracingConfiguration.enabled === true,
    tags: machine?.tags ?? {},
    sampleInput: machine?.sampleInput ?? '',
    sensitiveFields: machine?.sensitiveFields ?? [],
  };
}

const loggingOf = ({ logLevel, logGroupArn, includeExecutionData }: MachineSettings) => ({
  level: logLevel,
  includeExecutionData,
  ...(logGroupArn !== '' && {
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
  }),
});

/** The members of an update that make another revision and may want a review, where they differ. */
export function configured(settings: MachineSettings, machine: Described) {
  const before = settingsOf(machine);
  const logging = loggingOf(settings);
  return {
    ...(settings.roleArn !== '' &&
      settings.roleArn !== before.roleArn && { roleArn: settings.roleArn }),
    ...(JSON.stringify(logging) !== JSON.stringify(loggingOf(before)) && {
      loggingConfiguration: logging,
    }),
    ...(settings.tracing !== before.tracing && {
      tracingConfiguration: { enabled: settings.tracing },
    }),
  };
}

/** The members of an update that differ from what the state machine has: the rest stays. */
export function updated(settings: MachineSettings, machine: Described) {
  const before = settingsOf(machine);
  return {
    ...configured(settings, machine),
    ...(!sameTags(settings.tags, before.tags) && { tags: settings.tags }),
    ...(settings.sampleInput !== before.sampleInput && { sampleInput: settings.sampleInput }),
    ...(!sameFields(settings.sensitiveFields, before.sensitiveFields) && {
      sensitiveFields: settings.sensitiveFields,
    }),
  };
}

const sameFields = (one: string[], other: string[]) =>
  JSON.stringify(one) === JSON.stringify(other);

const sameTags = (one: Record<string, string>, other: Record<string, string>) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([key, value]) => other[key] === value);

/** The members of a creation; what is as the server would have it is left to the server. */
export const created = (settings: MachineSettings) => ({
  type: settings.type,
  ...updated(settings, { ...EMPTY, type: settings.type }),
});

const EMPTY: Omit<Described, 'type'> = {
  roleArn: '',
  loggingConfiguration: {},
  tracingConfiguration: {},
  tags: {},
  sampleInput: null,
  sensitiveFields: [],
};

export const FRESH = settingsOf(null);

/**
 * What a draft keeps: everything of a state machine that is to be created, otherwise (`published`)
 * what was changed, so that what somebody else changes meanwhile is not changed back.
 */
export function toKeep(
  settings: MachineSettings,
  published: MachineSettings | null,
): Partial<MachineSettings> {
  if (published === null) return settings;
  const changes = Object.entries(settings).filter(([name, value]) => {
    const before = published[name as keyof MachineSettings];
    if (name === 'type' || (name === 'roleArn' && value === '')) return false;
    if (name === 'tags') return !sameTags(settings.tags, published.tags);
    if (name === 'sensitiveFields') {
      return !sameFields(settings.sensitiveFields, published.sensitiveFields);
    }
    return value !== before;
  });
  return Object.fromEntries(changes);
}

/** The settings with what a draft has kept of them; what it does not know is as it would be. */
export function keptSettings(
  kept: Record<string, unknown>,
  published: MachineSettings | null = null,
): MachineSettings {
  const known = Object.entries(kept).filter(
    ([name, value]) =>
      Object.hasOwn(FRESH, name) &&
      typeof value === typeof FRESH[name as keyof MachineSettings] &&
      Array.isArray(value) === Array.isArray(FRESH[name as keyof MachineSettings]) &&
      !(published !== null && name === 'type'),
  );
  return { ...(published ?? FRESH), ...Object.fromEntries(known) };
}

/** Tags as lines of key=value. */
export const writeTags = (tags: Record<string, string>) =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

/** The tags that the lines say; of a key that is there twice the last one counts. */
export const readTags = (text: string): Record<string, string> =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );

/** Says which line is no tag, or nothing. */
export function tagsProblem(text: string): string | undefined {
  const wrong = linesOf(text).find((line) => line.indexOf('=') < 1);
  return wrong === undefined ? undefined : `Write a tag as key=value: ${wrong}`;
}

/** Fields as lines. */
export const writeFields = (fields: string[]) => fields.join('\n');

/** The fields that the lines say, each once. */
export const readFields = (text: string): string[] => [...new Set(linesOf(text))];

/** Says which line is no field, or nothing; the server reads paths more closely. */
export function fieldsProblem(text: string): string | undefined {
  const wrong = linesOf(text).find(
    (line) => line.startsWith('$') && !/^\$[.[].*[^.[\s]$/.test(line),
  );
  return wrong === undefined
    ? undefined
    : `Write the name of a key, or a path such as $.card.number: ${wrong}`;
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
