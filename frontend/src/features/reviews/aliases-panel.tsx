import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import type { Revision } from '@/api/client';
import {
  aliasesQuery,
  cancelMove,
  moveAlias,
  routeAlias,
  type Aliases,
  type AliasMove,
} from '@/api/reviews';
import { Button } from '@/ui/button';
import { ConfirmForm } from '@/ui/confirm-form';
import { Dialog } from '@/ui/dialog';
import { TimeAgo } from '@/ui/time';

import { AT_ONCE, planOf, PlanFields } from './plan-fields';
import './reviews.css';

type Alias = Aliases['results'][number];

const END_WORDS: Record<AliasMove['status'], string> = {
  MOVING: 'on its way',
  COMPLETED: 'arrived',
  ROLLED_BACK: 'taken back',
  CANCELLED: 'stopped',
};

function useAliases(name: string) {
  const client = useQueryClient();
  return (aliases: Aliases) => {
    client.setQueryData(aliasesQuery(name).queryKey, aliases);
    void client.invalidateQueries({ queryKey: ['revisions', name] });
  };
}

function MoveDialog({
  name,
  alias,
  versions,
  onClose,
}: {
  name: string;
  alias: Alias | null;
  versions: number[];
  onClose: () => void;
}) {
  const store = useAliases(name);
  // The latest that it does not start already.
  const started = alias?.routes.map(({ version }) => version) ?? [];
  const [version, setVersion] = useState(
    versions.find((each) => !started.includes(each)) ?? versions[0] ?? 0,
  );
  const [called, setCalled] = useState('live');
  const [values, setValues] = useState(AT_ONCE);
  const ids = [useId(), useId()] as const;
  const target = alias?.name ?? called;
  const move = useMutation({
    mutationFn: () => {
      const plan = planOf(values);
      return plan
        ? moveAlias(name, target, { ...plan, version })
        : routeAlias(name, target, { routes: [{ version, weight: 100 }] });
    },
    onSuccess: (aliases) => {
      store(aliases);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={alias ? `Move ${alias.name}` : 'New alias'}
      description="What it has started goes on with its version; what it starts from then on runs the new one."
    >
      <ConfirmForm
        deed={move}
        onClose={onClose}
        keep="Leave it"
        testId="move-submit"
        fields={
          <>
            {alias === null && (
              <>
                <label className="field-label" htmlFor={ids[1]}>
                  Name
                </label>
                <input
                  id={ids[1]}
                  className="input"
                  maxLength={80}
                  value={called}
                  onChange={({ target }) => setCalled(target.value)}
                />
              </>
            )}
            <label className="field-label" htmlFor={ids[0]}>
              To
            </label>
            <select
              id={ids[0]}
              className="input"
              value={version}
              data-testid="move-version"
              onChange={({ target }) => setVersion(Number(target.value))}
            >
              {versions.map((each) => (
                <option key={each} value={each}>
                  version {each}
                </option>
              ))}
            </select>
            {alias !== null && <PlanFields values={values} onChange={setValues} />}
          </>
        }
      >
        {alias ? 'Move it' : 'Create it'}
      </ConfirmForm>
    </Dialog>
  );
}

function MoveRow({ move, name }: { move: AliasMove; name: string }) {
  const store = useAliases(name);
  const end = useMutation({
    mutationFn: (back: boolean) => cancelMove(name, move.id, back),
    onSuccess: store,
  });
  const going = move.status === 'MOVING';
  return (
    <div className="muted" data-testid="alias-move" data-move={move.status}>
      Version {move.fromVersion} → {move.version}: {going && `${move.percent} %, `}
      {END_WORDS[move.status]}
      {move.reason !== '' && `. ${move.reason}`}
      {going ? (
        <>
          , next step at{' '}
          {new Date(move.nextDate).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
          {move.failurePercent !== null &&
            `, back from ${move.failurePercent} % failures of ${move.minimumExecutions}`}
          <div className="alias-buttons">
            <Button size="small" disabled={end.isPending} onClick={() => end.mutate(false)}>
              Stop here
            </Button>
            <Button size="small" disabled={end.isPending} onClick={() => end.mutate(true)}>
              Take it back
            </Button>
          </div>
        </>
      ) : (
        move.endDate !== null && (
          <>
            {' · '}
            <TimeAgo at={move.endDate} />
          </>
        )
      )}
      {end.error && <p className="field-error">{end.error.message}</p>}
    </div>
  );
}

/** Aliases of a state machine: what they start, and how they move. */
export function AliasesPanel({ name, revisions }: { name: string; revisions: Revision[] }) {
  const { data } = useQuery(aliasesQuery(name));
  const [moving, setMoving] = useState<Alias | 'new' | null>(null);
  const versions = revisions.flatMap(({ version }) => (version === null ? [] : [version]));
  if (!data || (versions.length === 0 && data.results.length === 0)) return null;
  return (
    <section aria-label="Aliases">
      <header className="events-header">
        <h2>Aliases</h2>
        <Button size="small" variant="ghost" onClick={() => setMoving('new')}>
          New…
        </Button>
      </header>
      {data.results.map((alias) => {
        const latest = data.moves.find((move) => move.alias === alias.name);
        return (
          <div key={alias.name} className="alias-row" data-testid="alias" data-alias={alias.name}>
            <span className="alias-head">
              <strong>{alias.name}</strong>
              <span className="muted">
                {alias.routes
                  .map(({ version, weight }) =>
                    weight < 100 ? `version ${version}: ${weight} %` : `version ${version}`,
                  )
                  .join(', ')}
              </span>
              <Button size="small" data-testid="move-alias" onClick={() => setMoving(alias)}>
                Move…
              </Button>
            </span>
            {latest && <MoveRow move={latest} name={name} />}
          </div>
        );
      })}
      {data.results.length === 0 && (
        <p className="alias-row muted">
          None yet. An alias is a name that clients start; it is moved from version to version.
        </p>
      )}
      {moving !== null && (
        <MoveDialog
          name={name}
          alias={moving === 'new' ? null : moving}
          versions={versions}
          onClose={() => setMoving(null)}
        />
      )}
    </section>
  );
}
