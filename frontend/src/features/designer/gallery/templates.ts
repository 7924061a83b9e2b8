/** The templates: each a definition in a file of its own, which tests run as they are. */

export interface Template {
  /** The file's name without its ending. */
  name: string;
  title: string;
  comment: string;
  text: string;
}

const files: Record<string, string> = import.meta.glob('./templates/*.asl.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function templateOf([path, text]: [string, string]): Template {
  const name = path.replace(/^.*\//, '').replace('.asl.json', '');
  const { Comment = '' } = JSON.parse(text) as { Comment?: string };
  const [title = name, comment = ''] = Comment.split(': ');
  return { name, title, comment: comment.charAt(0).toUpperCase() + comment.slice(1), text };
}

export const TEMPLATES: Template[] = Object.entries(files)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(templateOf);
