import { useEditor } from '../editor-store';
import { useTrial } from './trial-store';

/** What the whole is tried with, as JSON text: what was written for it, or the sample input. */
export function useRunInput(): string {
  const written = useTrial(({ input }) => input);
  const sample = useEditor(({ settings }) => settings.sampleInput);
  return written ?? (sample.trim() === '' ? '{}' : sample);
}
