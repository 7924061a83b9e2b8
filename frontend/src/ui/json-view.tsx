import { useMemo, useState, type ComponentProps } from 'react';
import { JsonView as Tree } from 'react-json-view-lite';

import { Button } from './button';
import { CopyButton, DownloadButton } from './feedback';
import { hasMoreThan, prettyJson } from './json-text';
import './json-view.css';

const style: NonNullable<ComponentProps<typeof Tree>['style']> = {
  container: 'json-tree',
  basicChildStyle: 'json-child',
  childFieldsContainer: 'json-children',
  label: 'json-label',
  clickableLabel: 'json-label json-clickable',
  nullValue: 'json-null',
  undefinedValue: 'json-null',
  numberValue: 'json-number',
  stringValue: 'json-string',
  booleanValue: 'json-boolean',
  otherValue: 'json-null',
  punctuation: 'json-punctuation',
  expandIcon: 'json-icon json-expand',
  collapseIcon: 'json-icon json-collapse',
  collapsedContent: 'json-collapsed',
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
  ariaLables: { collapseJson: 'Collapse', expandJson: 'Expand' },
};

/** Above this many characters a tree of elements costs more than it shows. */
const TREE_LIMIT = 60_000;
/** With more values than this a tree takes seconds to draw: it is drawn where it is asked for. */
const MOST_VALUES = 1000;

type Read = { value: object; isLarge: boolean } | { text: string };

function read(text: string): Read {
  if (text.length > TREE_LIMIT) return { text };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { text };
    return { value, isLarge: hasMoreThan(value, MOST_VALUES) };
  } catch {
    return { text };
  }
}

const openFirstLevels = (level: number) => level < 3;
const openOutermost = (level: number) => level < 1;

interface Props {
  text: string;
  label: string;
  truncated?: boolean;
}

/** A JSON text as a tree or as it came, with a way to copy it. */
export function JsonView({ text, label, truncated = false }: Props) {
  const [chosen, setChosen] = useState<'tree' | 'text' | null>(null);
  const content = useMemo(() => read(text), [text]);
  const isTree = 'value' in content;
  const isLarge = isTree && content.isLarge;
  const raw = chosen === null ? isLarge : chosen === 'text';
  const pretty = useMemo(() => (isTree && !raw ? null : prettyJson(text)), [isTree, raw, text]);
  return (
    <section className="json-view" aria-label={label}>
      <header className="json-view-header">
        <h3>{label}</h3>
        {truncated && (
          <span className="json-truncated" data-testid="truncated">
            truncated, {text.length.toLocaleString('en')} characters kept
          </span>
        )}
        <span className="json-view-actions">
          {isTree && (
            <Button variant="ghost" size="small" onClick={() => setChosen(raw ? 'tree' : 'text')}>
              {raw ? 'Tree' : 'Text'}
            </Button>
          )}
          <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
          <DownloadButton
            text={text}
            name={`${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.json`}
            label={`Download ${label.toLowerCase()}`}
          />
        </span>
      </header>
      <div className="json-view-body">
        {isTree && !raw ? (
          <Tree
            data={content.value}
            style={style}
            shouldExpandNode={isLarge ? openOutermost : openFirstLevels}
            clickToExpandNode
            aria-label={label}
          />
        ) : (
          <pre className="json-raw">{pretty}</pre>
        )}
      </div>
    </section>
  );
}
