/** A definition that is being written: drafts, what it can call, and what is wrong with it. */

import { answer, api, ApiFailure, named } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Draft = Schemas['Draft'];
export type Actions = Schemas['Actions'];
export type Finding = Schemas['Finding'];
export type Offered = Schemas['Offered'];
export type DefinitionFormat = Schemas['DefinitionFormat'];

/** The person's draft of a state machine, or null where there is none. */
export const getDraft = async (
  name: string,
  signal = new AbortController().signal,
): Promise<Draft | null> => {
  try {
    return await answer<Draft>(api.GET('/api/drafts/{name}/', { ...named(name), signal }));
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return null;
    throw error;
  }
};

export const listDrafts = () => answer<Schemas['Drafts']>(api.GET('/api/drafts/'));

export const saveDraft = (name: string, body: Schemas['SaveDraftRequest']) =>
  answer<Draft>(api.PUT('/api/drafts/{name}/', { ...named(name), body }));

export const discardDraft = (name: string) =>
  answer<undefined>(api.DELETE('/api/drafts/{name}/', named(name)));

export const listActions = (signal: AbortSignal) =>
  answer<Actions>(api.GET('/api/actions/', { signal }));

export const reviewDefinition = async (
  definition: string,
  format: DefinitionFormat,
  roleArn: string,
  signal: AbortSignal,
): Promise<Finding[]> => {
  // What is too long to be an ARN is refused when it is published, not while it is written.
  const named = roleArn !== '' && roleArn.length <= 256;
  const body = { definition, format, ...(named && { roleArn }) };
  const found = await answer<Schemas['Findings']>(api.POST('/api/diagnostics/', { body, signal }));
  return found.diagnostics;
};

/** Paths and variables that a state's fields can name, as far as the definition tells. */
export const followData = (definition: string, stateName: string) =>
  answer<Offered>(api.POST('/api/data-flow/', { body: { definition, format: 'JSON', stateName } }));
