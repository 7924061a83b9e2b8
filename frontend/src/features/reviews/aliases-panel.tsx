import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import type { Revision } from '@/api/state-machines';
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
import { TextField } from '@/ui/text-field';
import { TimeAgo } from '@/ui/time';

import { AT_ONCE, GRADUAL_KINDS, planOf, PlanFields, type PlanValues } from './plan-fields';
import './reviews.css';
import { routesOf, SharesFields, sharesOf, type Shares } from './shares';

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

/** What can be done: only an alias that starts one version is moved from there bit by bit. */
const kindsOf = (alias: Alias | null, versions: number[]): PlanValues['kind'][] => [
  ...(alias?.routes.length === 1 ? GRADUAL_KINDS : (['AT_ONCE'] as const)),
  ...(versions.length > 1 ? (['SHARED'] as const) : []),
];

function MoveDialog({
  name,
  alias,
  others,
  versions,
  onClose,
}: {
  name: string;
  /** The one that is moved; null makes a new one. */
  alias: Alias | null;
  /** The names of all there are. */
  others: string[];
  versions: number[];
  onClose: () => void;
}) {
  const store = useAliases(name);
  // The latest that it does not start already.
  const started = alias?.routes.map(({ version }) => version) ?? [];
  const all = [...new Set([...versions, ...started])].sort((a, b) => b - a);
  const [version, setVersion] = useState(
    all.find((each) => !started.includes(each)) ?? all[0] ?? 0,
  );
  const [called, setCalled] = useState('live');
  const [shares, setShares] = useState<Shares>(() => sharesOf(alias, all));
  const [values, setValues] = useState<PlanValues>(
    started.length > 1 ? { ...AT_ONCE, kind: 'SHARED' } : AT_ONCE,
  );
  const id = useId();
  const target = alias?.name ?? called.trim();
  const taken = alias === null && others.includes(target);
  const shared = values.kind === 'SHARED';
  const move = useMutation({
    mutationFn: () => {
      const plan = planOf(values);
      return plan
        ? moveAlias(name, target, { ...plan, version })
        : routeAlias(name, target, {
            routes: shared ? routesOf(shares) : [{ version, weight: 100 }],
          });
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
        deed={{
          ...move,
          mutate: () => {
            if (!taken) move.mutate();
          },
        }}
        onClose={onClose}
        keep="Leave it"
        testId="move-submit"
        fields={
          <>
            {alias === null && (
              <TextField
                label="Name"
                maxLength={80}
                required
                value={called}
                problem={taken ? 'There is an alias of this name: move that one.' : undefined}
                onChange={setCalled}
              />
            )}
            {shared ? (
              <SharesFields shares={shares} versions={all} onChange={setShares} />
            ) : (
              <>
                <label className="field-label" htmlFor={id}>
                  To
                </label>
                <select
                  id={id}
                  className="input"
                  value={version}
                  data-testid="move-version"
                  onChange={({ target }) => setVersion(Number(target.value))}
                >
                  {all.map((each) => (
                    <option key={each} value={each}>
                      version {each}
                    </option>
                  ))}
                </select>
              </>
            )}
            <PlanFields values={values} kinds={kindsOf(alias, all)} onChange={setValues} />
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
          others={data.results.map((each) => each.name)}
          versions={versions}
          onClose={() => setMoving(null)}
        />
      )}
    </section>
  );
}
