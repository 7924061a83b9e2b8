import type { ComponentProps, ReactNode } from 'react';

import { Tools } from '@/features/triggers/section';
import { Button } from '@/ui/button';

type OfTools = Omit<ComponentProps<typeof Tools>, 'what' | 'children'>;

interface Props extends OfTools {
  url: string;
  facts: ReactNode;
  onDeliveries: () => void;
  testId: string;
}

/** An address that is told of something, and what can be done with it. */
export function WebhookRow({ url, facts, onDeliveries, testId, ...tools }: Props) {
  return (
    <li className="trigger-row" data-off={!tools.enabled} data-testid={testId}>
      <span className="trigger-name">
        <code>{url}</code>
        {!tools.enabled && <span className="muted">off</span>}
      </span>
      <span className="trigger-facts">{facts}</span>
      <Tools what={`the webhook ${url}`} {...tools}>
        <Button size="small" onClick={onDeliveries} data-testid="show-deliveries">
          Deliveries
        </Button>
      </Tools>
    </li>
  );
}
