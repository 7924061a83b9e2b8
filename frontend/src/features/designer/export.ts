/** The definition and its picture as files. */

import type { GraphLayout } from '@/asl/layout/graph-layout';
import { roundedPath } from '@/asl/layout/graph-layout';
import { summaryOf } from '@/asl/summaries';

export function download(name: string, type: string, content: string | Blob) {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const short = (text: string, most: number) =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

const INK = {
  page: '#ffffff',
  card: '#ffffff',
  line: '#8b8d98',
  text: '#1c2024',
  muted: '#60646c',
};

/** The layout as a picture that needs no style sheet and no font of ours. */
export function svgOf(layout: GraphLayout): string {
  const margin = 24;
  const parts: string[] = [];
  const containers = layout.states.filter(({ lanes }) => lanes.length > 0);
  const cards = layout.states.filter(({ lanes }) => lanes.length === 0);
  const box = (x: number, y: number, width: number, height: number, extra: string) =>
    parts.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" ${extra}/>`);
  for (const { x, y, width, height, name, state, lanes } of containers) {
    box(x, y, width, height, `fill="${INK.card}" stroke="#b9bbc6"`);
    for (const lane of lanes) {
      box(x + lane.x, y + lane.y, lane.width, lane.height, 'fill="#f4f4f6" stroke="#e0e1e6"');
    }
    parts.push(
      `<text x="${x + 14}" y="${y + 27}" font-weight="600">${escaped(name)}` +
        `<tspan dx="8" font-weight="400" font-size="11" fill="${INK.muted}">${escaped(summaryOf(state))}</tspan></text>`,
    );
  }
  for (const { points, kind } of layout.edges) {
    const dash = kind === 'catch' ? ' stroke-dasharray="4 4"' : '';
    parts.push(
      `<path d="${roundedPath(points)}" fill="none" stroke="${INK.line}"${dash} marker-end="url(#head)"/>`,
    );
  }
  for (const { label, labels } of layout.edges) {
    if (!label) continue;
    box(label.x, label.y, label.width, label.height, `fill="${INK.page}"`);
    parts.push(
      `<text x="${label.x + label.width / 2}" y="${label.y + label.height / 2 + 4}" text-anchor="middle" font-size="11" fill="${INK.muted}">${escaped(short(labels.join(' or '), 36))}</text>`,
    );
  }
  for (const { x, y, width, height, name, state } of cards) {
    box(x, y, width, height, `fill="${INK.card}" stroke="#b9bbc6"`);
    parts.push(
      `<text x="${x + 14}" y="${y + 21}" font-weight="600">${escaped(short(name, 28))}</text>`,
      `<text x="${x + 14}" y="${y + 37}" font-size="11" fill="${INK.muted}">${escaped(short(summaryOf(state), 34))}</text>`,
    );
  }
  for (const { x, y, width, kind } of layout.dots) {
    const r = width / 2;
    const fill = kind === 'start' ? INK.line : INK.page;
    parts.push(
      `<circle cx="${x + r}" cy="${y + r}" r="${r - 1}" fill="${fill}" stroke="${INK.line}" stroke-width="2"/>`,
    );
  }
  const width = layout.width + 2 * margin;
  const height = layout.height + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="13" fill="${INK.text}">`,
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8Z" fill="${INK.line}"/></marker></defs>`,
    `<rect x="${-margin}" y="${-margin}" width="${width}" height="${height}" fill="${INK.page}"/>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

/** The picture as PNG, at twice the size for sharp screens. */
export async function pngOf(layout: GraphLayout): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svgOf(layout)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error('The picture is too large for this browser. Export it as SVG.'));
      }, 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
