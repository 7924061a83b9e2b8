/** A moment on the clock of a zone: "Mon 1 Feb 2027, 07:00". */
export function clock(moment: string, timeZone: string) {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(moment));
}
