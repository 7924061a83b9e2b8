import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';

import type { Scope } from '@/api/access-keys';
import { sessionQuery } from '@/api/session';

import { expiryOf, isScope, LIVES, WORDS } from './scopes';

/** What is asked of a new key or token: what it is for, and until when. */
export function useLimits(usualDays: number | null) {
  const [limited, setLimited] = useState(false);
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set());
  const [days, setDays] = useState<number | null>(usualDays);
  const toggle = (scope: Scope) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    setScopes(next);
  };
  return {
    limited,
    setLimited,
    scopes,
    toggle,
    days,
    setDays,
    /** As the server takes them; null: all that the role allows, and for ever. */
    chosen: () => ({
      scopes: limited ? [...scopes] : null,
      expiresAt: expiryOf(days, Date.now()),
    }),
  };
}

export function LimitFields({ limits }: { limits: ReturnType<typeof useLimits> }) {
  const { data: session } = useQuery(sessionQuery);
  const lifeId = useId();
  const { limited, setLimited, scopes, toggle, days, setDays } = limits;
  return (
    <div className="key-fields">
      <fieldset className="key-scopes">
        <legend className="field-label">What is it for?</legend>
        <label>
          <input type="radio" checked={!limited} onChange={() => setLimited(false)} />
          Everything that my role allows
        </label>
        <label>
          <input
            type="radio"
            checked={limited}
            onChange={() => setLimited(true)}
            data-testid="limited"
          />
          Only this:
        </label>
        {limited &&
          (session?.permissions ?? [])
            .filter(isScope)
            .filter((scope) => scope !== 'own-account')
            .map((scope) => (
              <label key={scope} className="key-scope">
                <input
                  type="checkbox"
                  checked={scopes.has(scope)}
                  onChange={() => toggle(scope)}
                  data-testid={`scope-${scope}`}
                />
                {WORDS[scope]}
              </label>
            ))}
      </fieldset>
      <label className="field" htmlFor={lifeId}>
        <span className="field-label">Expires</span>
        <select
          id={lifeId}
          className="input"
          value={days ?? ''}
          data-testid="key-life"
          onChange={(event) =>
            setDays(event.target.value === '' ? null : Number(event.target.value))
          }
        >
          {LIVES.map(([label, value]) => (
            <option key={label} value={value ?? ''}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
