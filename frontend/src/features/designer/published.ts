import type { StateMachine } from '@/api/state-machines';

/** The published definition as it was written. */
export const publishedText = (machine: StateMachine) =>
  machine.definitionSource === '' ? machine.definition : machine.definitionSource;

export const publishedFormat = (machine: StateMachine) =>
  machine.definitionSource === '' ? ('JSON' as const) : ('YAML' as const);
