/** Rewrites a JSON text so that it says something else, and leaves all that stays as it is written. */

import { parseTree, type Node } from 'jsonc-parser';

import { alignItems, alignMembers, isRecord, same, type Aligned } from './align';

interface Entry {
  /** Everything between the comma or bracket before it and the entry. */
  lead: string;
  node: Node;
  value: Node;
}

interface Style {
  indent: string;
  colon: string;
  compact: boolean;
}

function styleOf(text: string): Style {
  const compact = !text.trim().includes('\n');
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { indent, compact, colon: compact && !/":\s/.test(text) ? ':' : ': ' };
}

/** Gives the text of `after`, made from the text of `before`; null where it cannot be read. */
export function rewriteJson(text: string, before: unknown, after: unknown): string | null {
  const root = parseTree(text);
  if (!root) return null;
  const style = styleOf(text);

  const source = (node: Node) => text.slice(node.offset, node.offset + node.length);
  const lineIndent = (lead: string) => /\n([ \t]*)[^\n]*$/.exec(lead)?.[1];

  const fresh = (value: unknown, indent: string | undefined): string => {
    if (style.compact || indent === undefined) return JSON.stringify(value);
    return JSON.stringify(value, null, style.indent).replaceAll('\n', `\n${indent}`);
  };

  const entriesOf = (node: Node): { entries: Entry[]; close: string } => {
    let at = node.offset + 1;
    const entries = (node.children ?? []).flatMap((child): Entry[] => {
      const value = child.type === 'property' ? child.children?.[1] : child;
      if (!value) return [];
      const lead = text.slice(at, child.offset).replace(/^\s*,/, '');
      at = child.offset + child.length;
      return [{ lead, node: child, value }];
    });
    return { entries, close: text.slice(at, node.offset + node.length - 1) };
  };

  const collection = (
    node: Node,
    aligned: Aligned[],
    valueBefore: (from: number) => unknown,
    indent: string | undefined,
  ): string => {
    const { entries, close } = entriesOf(node);
    const [open, shut] = node.type === 'array' ? ['[', ']'] : ['{', '}'];
    if (aligned.length === 0) return `${open}${shut}`;
    const inner = indent === undefined ? undefined : indent + style.indent;
    const likely = entries.find(({ lead }) => lead.includes('\n')) ?? entries[1] ?? entries[0];
    const freshLead = likely?.lead ?? (style.compact || inner === undefined ? '' : `\n${inner}`);
    const parts = aligned.map(({ key, value, from }) => {
      const old = from === null ? undefined : entries[from];
      const lead = old?.lead ?? freshLead;
      const here = lineIndent(lead);
      const valueText =
        old && from !== null
          ? render(old.value, valueBefore(from), value, here)
          : fresh(value, here);
      if (node.type === 'array') return lead + valueText;
      const name = old?.node.children?.[0];
      const written = name?.value === key ? source(name) : JSON.stringify(key);
      const colon =
        old && name ? text.slice(name.offset + name.length, old.value.offset) : style.colon;
      return lead + written + colon + valueText;
    });
    const end = entries.length > 0 || style.compact || indent === undefined ? close : `\n${indent}`;
    return open + parts.join(',') + end + shut;
  };

  const render = (node: Node, was: unknown, is: unknown, indent: string | undefined): string => {
    if (same(was, is)) return source(node);
    if (node.type === 'object' && isRecord(was) && isRecord(is)) {
      const keys = (node.children ?? []).map((child) => String(child.children?.[0]?.value));
      const members = alignMembers(keys, was, is);
      return collection(node, members, (from) => was[keys[from] ?? ''], indent);
    }
    if (node.type === 'array' && Array.isArray(was) && Array.isArray(is)) {
      return collection(node, alignItems(was, is), (from) => was[from] as unknown, indent);
    }
    return fresh(is, indent);
  };

  const end = root.offset + root.length;
  return text.slice(0, root.offset) + render(root, before, after, '') + text.slice(end);
}
