/** Names of errors as a field takes them: a list with commas. */

export const listed = (names: string[] | undefined) => (names ?? []).join(', ');

export const namesIn = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

/** Those that are reported: see docs/reference/errors.md, which has the language's others, too. */
const ERRORS = [
  'States.ALL',
  'States.BranchFailed',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.ItemReaderFailed',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ReferencePathConflict',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
];

export const errorNames = () => Promise.resolve(ERRORS);
