/** Writes out what anchors, aliases and merges of a YAML text stand for; comments stay. */

import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

import { isRecord } from './align';

/** How every YAML text is read: as the server does, `<<` takes the members of another mapping. */
export const READ_YAML = { merge: true } as const;

interface Change {
  from: number;
  to: number;
  text: string;
}

/** Whether a member is `<<`: the key's value is a symbol then, what is written is not. */
export const isMerge = ({ key }: Pair) =>
  isScalar(key) && key.source === '<<' && key.type === 'PLAIN';

const valueOf = (node: unknown, document: Document): unknown => {
  const real = isAlias(node) ? node.resolve(document) : node;
  return isNode(real) ? (real.toJS(document) as unknown) : undefined;
};

/**
 * The text without anchors: where one of several places that share a value is to change, each has
 * to have its own. Null where there are none, or they stand where this cannot write them out.
 */
export function spellOut(text: string): string | null {
  const document = parseDocument(text, READ_YAML);
  if (document.errors.length > 0) return null;
  const changes: Change[] = [];
  /** Merges that cannot be written out where they stand. */
  const left: unknown[] = [];

  /** `&name`, with the blank that sets it apart. */
  const withoutAnchor = (node: Node & { anchor?: string }) => {
    if (node.anchor === undefined || !node.range) return;
    const at = text.lastIndexOf(`&${node.anchor}`, node.range[0]);
    if (at < 0) return;
    const end = at + 1 + node.anchor.length;
    const blank = /^[ \t]+(?=[^\s#])/.exec(text.slice(end))?.[0].length ?? 0;
    const before = blank === 0 && text[at - 1] === ' ' ? 1 : 0;
    changes.push({ from: at - before, to: end + blank, text: '' });
  };

  const merged = (pair: Pair, map: YAMLMap) => {
    const key = pair.key as Node;
    const value = pair.value as Node | null;
    if (map.flow || !key.range || !value?.range) {
      left.push(pair);
      return;
    }
    const own = new Set(map.items.filter((each) => each !== pair).map((each) => String(each.key)));
    const members: Record<string, unknown> = {};
    for (const source of isSeq(value) ? value.items : [value]) {
      const taken = valueOf(source, document);
      if (!isRecord(taken)) continue;
      for (const [name, each] of Object.entries(taken)) {
        if (!own.has(name) && !Object.hasOwn(members, name)) members[name] = each;
      }
    }
    const [from] = key.range;
    const line = text.lastIndexOf('\n', from - 1) + 1;
    if (Object.keys(members).length === 0) {
      // Nothing of it is left: its line goes.
      const end = text.indexOf('\n', value.range[1]);
      changes.push({ from: line, to: end < 0 ? text.length : end + 1, text: '' });
      return;
    }
    const pad = ' '.repeat(from - line);
    const written = stringify(members, { lineWidth: 0, aliasDuplicateObjects: false })
      .trimEnd()
      .replaceAll(/\n(?=[^\n])/g, `\n${pad}`);
    changes.push({ from, to: value.range[1], text: written });
  };

  visit(document, {
    Pair: (_, pair, path) => {
      const map = path.at(-1);
      if (!isMerge(pair) || !isMap(map)) return undefined;
      merged(pair, map);
      return visit.SKIP;
    },
    Alias: (_, alias) => {
      if (alias.range) {
        const [from, to] = alias.range;
        changes.push({ from, to, text: JSON.stringify(valueOf(alias, document)) });
      }
    },
    Value: (_, node) => {
      withoutAnchor(node);
    },
  });
  if (changes.length === 0 || left.length > 0) return null;
  return changes
    .sort((a, b) => b.from - a.from)
    .reduce((made, { from, to, text: put }) => made.slice(0, from) + put + made.slice(to), text);
}
