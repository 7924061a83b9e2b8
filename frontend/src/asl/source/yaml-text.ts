/** Rewrites a YAML text so that it says something else; comments stay with what they stand at. */

import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

import { isMerge, READ_YAML } from './yaml-anchors';
import { alignItems, alignMembers, isRecord, same, type Aligned } from './align';

const WRITTEN = { lineWidth: 0, indent: 2 } as const;

/** An entry of a block: its comments and indentation, itself, and the rest of its last line. */
interface Entry {
  lead: string;
  start: number;
  end: number;
  tail: string;
  value: Node | null;
  pair: Pair | null;
}

const startOf = (node: unknown) => (node as Node | null)?.range?.[0] ?? 0;
const endOf = (node: unknown) => (node as Node | null)?.range?.[1] ?? 0;

/** Gives the text of `after`, made from the text of `before`; null where it cannot be read. */
export function rewriteYaml(text: string, before: unknown, after: unknown): string | null {
  const document = parseDocument(text, READ_YAML);
  const root = document.contents;
  if (document.errors.length > 0 || root === null) return null;

  const columnOf = (at: number) => at - (text.lastIndexOf('\n', at - 1) + 1);
  const indented = (written: string, column: number) =>
    written.trimEnd().replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(column)}`);
  const freshMember = (key: string, value: unknown, column: number) =>
    indented(stringify({ [key]: value }, WRITTEN), column);
  const freshItem = (value: unknown, column: number) =>
    indented(stringify([value], WRITTEN), column);

  const entriesOf = (node: YAMLMap | YAMLSeq): Entry[] => {
    const bounds = (node.items as unknown[]).map((item) => {
      if (isPair(item)) {
        const value = item.value as Node | null;
        const written = value !== null && endOf(value) > startOf(value);
        const start = startOf(item.key);
        const colon = text.indexOf(':', endOf(item.key)) + 1;
        return { start, end: written ? endOf(value) : colon, value, pair: item };
      }
      const value = item as Node;
      return {
        start: text.lastIndexOf('-', startOf(value) - 1),
        end: endOf(value),
        value,
        pair: null,
      };
    });
    return bounds.map((each, index) => {
      const previous = bounds[index - 1];
      const next = bounds[index + 1];
      const gapBefore = previous ? splitGap(previous.end, each.start) : null;
      const gapAfter = next ? splitGap(each.end, next.start) : null;
      const rest = text.slice(each.end, Math.max(each.end, endOf(node)));
      return { ...each, lead: gapBefore?.lead ?? '', tail: gapAfter?.tail ?? rest };
    });
  };

  /** The gap between two entries: what ends the line of the first, and what precedes the second. */
  const splitGap = (from: number, to: number) => {
    const line = text[from - 1] === '\n' ? from - 1 : text.indexOf('\n', from);
    const until = line < 0 || line >= to ? from : line + 1;
    return { tail: text.slice(from, until), lead: text.slice(until, to) };
  };

  const collection = (
    node: YAMLMap | YAMLSeq,
    aligned: Aligned[],
    valueBefore: (from: number) => unknown,
  ): string => {
    const entries = entriesOf(node);
    const column = columnOf(startOf(node));
    const pad = ' '.repeat(column);
    const parts = aligned.map(({ key, value, from }) => {
      const old = from === null ? undefined : entries[from];
      const body =
        old && from !== null
          ? entry(old, key, valueBefore(from), value, column)
          : isMap(node)
            ? freshMember(key, value, column)
            : freshItem(value, column);
      return { lead: old && from !== 0 ? old.lead : pad, body, tail: old?.tail ?? '' };
    });
    const written = parts
      .map(({ lead, body, tail }, index) => {
        const first = index === 0 ? lead.replace(/^[ \t]+/, '') : lead;
        const whole = first + body + tail;
        if (index === parts.length - 1) return whole.replace(/\n$/, '');
        return whole.endsWith('\n') ? whole : `${whole}\n`;
      })
      .join('');
    // A block may or may not be said to end with the line break after it; it stays as it was.
    return text[endOf(node) - 1] === '\n' ? `${written}\n` : written;
  };

  const entry = (old: Entry, key: string, was: unknown, is: unknown, column: number): string => {
    const { start, end, value, pair } = old;
    const renamed = pair !== null && isScalar(pair.key) && String(pair.key.value) !== key;
    const name = renamed ? stringify(key, WRITTEN).trimEnd() : null;
    const keyEnd = pair ? endOf(pair.key) : start;
    const head = (from: number) =>
      name === null ? text.slice(start, from) : name + text.slice(keyEnd, from);
    if (same(was, is)) return head(end);
    const rendered = value === null ? null : render(value, was, is);
    if (rendered !== null) return head(startOf(value)) + rendered;
    return pair ? freshMember(key, is, column) : freshItem(is, column);
  };

  /** The node's text with the new value; null where its entry has to be written anew. */
  const render = (node: Node, was: unknown, is: unknown): string | null => {
    if (same(was, is)) return text.slice(startOf(node), endOf(node));
    if (node.range && startOf(node) === endOf(node)) return null;
    if (isMap(node) && isRecord(was) && isRecord(is)) {
      if (node.flow) return JSON.stringify(is);
      if (Object.keys(is).length === 0) return '{}';
      if (node.items.some(isMerge))
        throw new Error('Which of its members change is not to be seen.');
      const keys = node.items.map(({ key }) => String(isScalar(key) ? key.value : key));
      return collection(node, alignMembers(keys, was, is), (from) => was[keys[from] ?? '']);
    }
    if (isSeq(node) && Array.isArray(was) && Array.isArray(is)) {
      if (node.flow) return JSON.stringify(is);
      if (is.length === 0) return '[]';
      return collection(node, alignItems(was, is), (from) => was[from] as unknown);
    }
    if (isScalar(node) && (is === null || typeof is !== 'object')) {
      const quoted = node.type === 'QUOTE_DOUBLE' && typeof is === 'string';
      const written = quoted ? JSON.stringify(is) : stringify(is, WRITTEN).trimEnd();
      return written.includes('\n') || String(node.type).startsWith('BLOCK') ? null : written;
    }
    return null;
  };

  const rendered = render(root, before, after);
  if (rendered === null) return null;
  return text.slice(0, startOf(root)) + rendered + text.slice(endOf(root));
}
