/** What a policy's text says, as far as the page shows it; the server decides what is right. */

export interface Statement {
  effect: string;
  actions: string[];
  resources: string[];
}

const listed = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');

/** The statements of a policy; null where the text is no JSON object with statements. */
export function statementsOf(text: string): Statement[] | null {
  try {
    const { Statement: found } = JSON.parse(text) as { Statement?: unknown };
    if (found === undefined) return null;
    return (Array.isArray(found) ? found : [found]).map((each: Record<string, unknown>) => ({
      effect: String(each.Effect),
      actions: listed(each.Action),
      resources: listed(each.Resource),
    }));
  } catch {
    return null;
  }
}

/** A policy in one line: what it allows, and what it denies. */
export function summaryOf(text: string): string {
  const statements = statementsOf(text);
  if (statements === null) return 'Cannot be read';
  const of = (effect: string) => [
    ...new Set(statements.filter((each) => each.effect === effect).flatMap((each) => each.actions)),
  ];
  const allowed = of('Allow');
  const denied = of('Deny');
  const parts = [allowed.length === 0 ? 'Allows nothing' : `Allows ${allowed.join(', ')}`];
  if (denied.length > 0) parts.push(`denies ${denied.join(', ')}`);
  return parts.join('; ');
}

/** The text with JSON's usual indentation; as it is where it is no JSON. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export const NEW_POLICY = indented('{"Version":"2012-10-17","Statement":[]}');
