import { useMutation, useQueryClient } from '@tanstack/react-query';

import { ApiFailure } from '@/api/client';
import { proposalChanged, type Proposal } from '@/api/reviews';
import { toast } from '@/ui/feedback';

/** What an error says; of a definition that cannot be run, its first finding and where. */
export function failureText(error: Error): string {
  const [first] = error instanceof ApiFailure ? error.diagnostics : [];
  return first ? `${first.message} (${first.location})` : error.message;
}

/** Something done to a proposal: the page shows what the answer says. */
export function useDeed<Given>(
  act: (given: Given) => Promise<Proposal>,
  done?: (proposal: Proposal) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (proposal) => {
      proposalChanged(client, proposal);
      done?.(proposal);
    },
    onError: async (error) => {
      toast('error', failureText(error));
      // Somebody else was quicker: show what there is now.
      if (error instanceof ApiFailure && error.status === 409) {
        await client.invalidateQueries({ queryKey: ['proposal'] });
      }
    },
  });
}
