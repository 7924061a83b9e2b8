import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';

import type { ExecutionKey } from '@/api/executions';
import { createTestFrom } from '@/api/test-cases';
import { Button } from '@/ui/button';
import { toast } from '@/ui/feedback';

/** One click: the finished execution becomes a test case of its name, which the designer shows. */
export function RecordTestButton({ execution }: { execution: ExecutionKey }) {
  const queries = useQueryClient();
  const record = useMutation({
    mutationFn: () => createTestFrom(execution, execution.name),
    onSuccess: async ({ name }) => {
      toast('info', `Saved as the test case ${name}: see Tests in the designer.`);
      await queries.invalidateQueries({ queryKey: ['workflow-tests', execution.machine] });
    },
    onError: ({ message }) => toast('error', message),
  });
  return (
    <Button
      variant="ghost"
      disabled={record.isPending || record.isSuccess}
      data-testid="record-test"
      title="Keep its input, what its tasks gave, and its end as a test case"
      onClick={() => record.mutate()}
    >
      <FlaskConical />
      {record.isSuccess ? 'Saved as a test' : 'Save as a test'}
    </Button>
  );
}
