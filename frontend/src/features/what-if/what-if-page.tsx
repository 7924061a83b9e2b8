import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, FlaskConical, MousePointerClick } from 'lucide-react';

import { whatIfQuery } from '@/api/what-ifs';
import { PageFailed } from '@/app/failures';
import { type WhatIfSearch, readWhatIfSearch } from '@/app/search';
import { useTitle } from '@/app/title';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { Split } from '@/ui/split';

import '@/features/executions/pages.css';
import '@/features/executions/list/executions.css';
import { AskForm } from './ask-form';
import { ReplayView } from './replay-view';
import { Results } from './results';
import './what-if.css';

function Answer({ machine, id, search }: { machine: string; id: number; search: WhatIfSearch }) {
  const navigate = useNavigate({ from: '/state-machines/$name/what-if' });
  const query = useQuery(whatIfQuery(machine, id));
  if (query.isError) {
    return <PageFailed error={query.error} reset={() => void query.refetch()} />;
  }
  if (!query.data) {
    return (
      <div className="skeleton-rows" aria-busy="true" data-testid="loading">
        {[0, 1, 2, 3].map((each) => (
          <Skeleton key={each} width="60%" height={20} />
        ))}
      </div>
    );
  }
  const whatIf = query.data;
  const chosen = search.execution ?? null;
  const known = whatIf.results.find(({ executionName }) => executionName === chosen);
  return (
    <Split
      name="what-if-results"
      divider="vertical"
      initial={820}
      least={360}
      most={1400}
      label="Width of the replay"
      main={
        <Results
          whatIf={whatIf}
          selected={chosen}
          onSelect={(execution) =>
            void navigate({ search: (before) => ({ ...before, execution }), replace: true })
          }
        />
      }
      panel={
        chosen === null || (known?.verdict ?? null) === null ? (
          <EmptyState icon={MousePointerClick} title="Choose an execution">
            Both of its ways are drawn here, with the points at which they part.
          </EmptyState>
        ) : (
          <ReplayView
            key={`${whatIf.id}:${chosen}`}
            machine={machine}
            whatIf={whatIf}
            execution={chosen}
          />
        )
      }
    />
  );
}

/** What would executions that have ended have done with another definition? */
export function WhatIfPage() {
  const { name } = useParams({ from: '/state-machines/$name/what-if' });
  const search: WhatIfSearch = useSearch({
    from: '/state-machines/$name/what-if',
    // What an address says beside what is known of it comes through, too.
    select: readWhatIfSearch,
    structuralSharing: true,
  });
  const navigate = useNavigate({ from: '/state-machines/$name/what-if' });
  useTitle(`What if, ${name}`);
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
        <h1 className="ellipsis">What if</h1>
        <AskForm
          machine={name}
          chosen={search.chosen ?? null}
          onAsked={(id) =>
            void navigate({
              search: ({ chosen }) => ({ ...(chosen && { chosen }), id }),
              replace: search.id === undefined,
            })
          }
          onChooseNone={() =>
            void navigate({
              search: ({ id, execution }) => ({
                ...(id !== undefined && { id }),
                ...(execution !== undefined && { execution }),
              }),
              replace: true,
            })
          }
        />
      </header>
      <div className="execution-body">
        {search.id === undefined ? (
          <EmptyState icon={FlaskConical} title="Nothing asked yet">
            Executions that have ended are replayed in memory with the results that their tasks had.
            Nothing is called. Each shows whether it would have gone the same way, or where and how
            it would have gone another.
          </EmptyState>
        ) : (
          <Answer key={search.id} machine={name} id={search.id} search={search} />
        )}
      </div>
    </div>
  );
}
