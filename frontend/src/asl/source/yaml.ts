/**
 * All that is done with YAML. Its parser weighs as much as the rest of the designer: a page imports
 * this where it always reads YAML, and waits for `ready` where it seldom does.
 */

import { isMap, isScalar, isSeq, parseDocument, stringify, type Node } from 'yaml';

import type { Definition, ParsedDefinition } from '../definition';
import { teach } from './source';
import { READ_YAML, spellOut } from './yaml-anchors';
import { rewriteYaml } from './yaml-text';

type Path = (string | number)[];

function read(text: string): ParsedDefinition {
  const document = parseDocument(text, READ_YAML);
  const [error] = document.errors;
  if (error) return { ok: false, message: error.message.split('\n')[0] ?? error.message };
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, message: 'A definition is a mapping with StartAt and States.' };
  }
  return { ok: true, definition: value };
}

const write = (definition: Definition) => stringify(definition, { lineWidth: 0 });

const pathAt = (text: string, offset: number) => pathInside(parseDocument(text).contents, offset);

function pathInside(node: Node | null, offset: number): Path {
  if (isMap(node)) {
    for (const { key, value } of node.items.toReversed()) {
      const start = (key as Node | null)?.range?.[0] ?? Infinity;
      if (start > offset) continue;
      return [String(isScalar(key) ? key.value : key), ...pathInside(value as Node | null, offset)];
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of [...node.items.entries()].toReversed()) {
      if (((item as Node).range?.[0] ?? Infinity) > offset) continue;
      return [index, ...pathInside(item as Node, offset)];
    }
  }
  return [];
}

function rangeOf(text: string, path: Path): { from: number; to: number } | null {
  const map = parseDocument(text).getIn(path.slice(0, -1), true);
  if (!isMap(map)) return null;
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  const from = (pair?.key as Node | undefined)?.range?.[0];
  const to = (pair?.value as Node | null | undefined)?.range?.[1];
  return from === undefined ? null : { from, to: to ?? from };
}

teach({ read, write, rewrite: rewriteYaml, spellOut, pathAt, rangeOf });
