import { useEditorStore } from '../editor-store';
import { offeredTo } from '../offers/ask';
import { offersAt, type Stage } from '../offers/offers';

/** What the fields of a state can name, asked when a list of it is to be shown. */
export function useOffers(state: string, language: string) {
  const editor = useEditorStore();
  return (stage: Stage | undefined) =>
    stage === undefined
      ? undefined
      : async () => {
          const { definition } = editor.getState().document;
          return offersAt(stage, await offeredTo(definition, state), language);
        };
}
