import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Lock } from 'lucide-react';

import { sessionQuery } from '@/api/session';
import { useTitle } from '@/app/title';
import { Webhooks } from '@/features/triggers/webhooks';
import { EmptyState } from '@/ui/feedback';

import '@/features/triggers/triggers.css';
import { ReviewWebhooks } from './review-webhooks';
import './reviews.css';

/** Programs that are told of a state machine: of its proposals, and of its executions. */
export function WebhooksPage() {
  const { name } = useParams({ from: '/state-machines/$name/webhooks' });
  useTitle(`Webhooks of ${name}`);
  const { data: session } = useQuery(sessionQuery);
  const may = session?.permissions.includes('deploy');
  return (
    <div className="execution-page">
      <header className="page-header">
        <Link
          className="button button-ghost button-small"
          to="/state-machines/$name"
          params={{ name }}
          aria-label={`Back to ${name}`}
        >
          <ArrowLeft aria-hidden="true" />
        </Link>
        <h1 className="ellipsis">Webhooks of {name}</h1>
      </header>
      <div className="execution-body triggers">
        {may === false ? (
          <EmptyState icon={Lock} title="Your role may not see these">
            Addresses and what they answered are for those who decide what production runs.
          </EmptyState>
        ) : (
          may && (
            <>
              <ReviewWebhooks machine={name} locked={null} />
              <Webhooks machine={name} locked={null} />
            </>
          )
        )}
      </div>
    </div>
  );
}
