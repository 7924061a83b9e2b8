/** Edit commands: each a pure function of a definition. */

export { copyStates, duplicateStates, moveStates, wrapStates } from './move';
export { FOLLOW, single } from './fragment';
export { deleteStates } from './remove';
export { insertAfter, insertAt, insertBefore, insertFirst, type Spot } from './insert';
export {
  addBranch,
  insertItem,
  moveItem,
  possibleTargets,
  removeBranch,
  removeItem,
  renameState,
  setEnd,
  setField,
  setMachineField,
  setNext,
  type FieldPath,
  type Strand,
} from './fields';
export { exchangeField, setTemplateMember } from './exchange';
export {
  setBatching,
  setItemSource,
  setProcessing,
  setResultWriter,
  type ItemSource,
  type Processing,
} from './distributed-map';
export type { Command, Edited, Outcome, Reason, Refused } from './outcome';
export { patch, type PatchOperation } from './patch';
