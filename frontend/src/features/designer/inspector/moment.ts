/** Moments as the language writes them, and as a person picks them: in the zone of the browser. */

const two = (number: number) => String(number).padStart(2, '0');

/** "2030-01-01T10:00:00" in local time, as a date-time field takes it; empty for no moment. */
export function toLocal(moment: string): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return '';
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The moment in UTC, as RFC 3339 writes it; null for an incomplete one. */
export function fromLocal(local: string): string | null {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
}
