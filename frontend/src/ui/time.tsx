import { createContext, useContext, useEffect, useState } from 'react';

/** For a page that shows a moment that has passed: the time there, in milliseconds. */
export const StoppedClock = createContext<number | null>(null);

/**
 * The clock, in milliseconds, ticking while `running`. With each other `value` that is drawn it is
 * looked at anyway, and ticks only where nothing is drawn for so long.
 */
export function useNow(running: boolean, everyMs = 1000, value?: unknown): number {
  const stopped = useContext(StoppedClock);
  const [now, setNow] = useState(() => ({ value, ms: Date.now() }));
  // eslint-disable-next-line react-hooks/purity -- a clock
  if (!Object.is(now.value, value)) setNow({ value, ms: Date.now() });
  const ticks = running && stopped === null;
  useEffect(() => {
    if (!ticks) return;
    const timer = setInterval(() => setNow({ value, ms: Date.now() }), everyMs);
    return () => clearInterval(timer);
  }, [ticks, everyMs, value]);
  return stopped ?? now.ms;
}

/** Milliseconds in the two largest units that say something: "340 ms", "12.4 s", "3 min 20 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function relative(ms: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
  const seconds = Math.round(ms / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return format.format(-seconds, 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour');
  return format.format(-Math.floor(seconds / 86_400), 'day');
}

/** A time as "3 min. ago", exact on hover. */
export function TimeAgo({ at }: { at: string }) {
  return (
    // However far back a page looks, its start was as long ago as it was.
    <StoppedClock value={null}>
      <Ago at={at} />
    </StoppedClock>
  );
}

function Ago({ at }: { at: string }) {
  const now = useNow(true, 10_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {relative(now - Date.parse(at))}
    </time>
  );
}
