import { Check, Copy, Download, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { create } from 'zustand';

import { IconButton } from './button';
import './feedback.css';

/** A grey bar of the size that the text will have. */
export function Skeleton({ width, height = 14 }: { width: number | string; height?: number }) {
  return <span className="skeleton" style={{ width, height }} aria-hidden="true" />;
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  tone?: 'error';
}

/** What stands where nothing is: why, and what to do. */
export function EmptyState({ icon: Icon, title, children, tone }: EmptyProps) {
  return (
    <div className="empty-state" data-tone={tone} data-testid="empty-state">
      <Icon aria-hidden="true" />
      <h2>{title}</h2>
      {children !== undefined && <div className="empty-state-text">{children}</div>}
    </div>
  );
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1200);
    } catch {
      toast('error', 'The browser did not allow copying.');
    }
  };
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={() => void copy()}>
      {copied ? <Check /> : <Copy />}
    </IconButton>
  );
}

/** Keeps a text as a file of the person's own. */
export function DownloadButton({
  text,
  name,
  label = 'Download',
}: {
  text: string;
  name: string;
  label?: string;
}) {
  const save = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <IconButton label={label} onClick={save}>
      <Download />
    </IconButton>
  );
}

interface Toast {
  id: number;
  tone: 'info' | 'error';
  text: string;
}

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));
let lastToast = 0;

/** Says something in passing; it leaves by itself. */
export function toast(tone: Toast['tone'], text: string) {
  const id = ++lastToast;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { id, tone, text }] }));
  setTimeout(
    () => useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) })),
    tone === 'error' ? 8000 : 4000,
  );
}

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, tone, text }) => (
        <div key={id} className="toast" data-tone={tone}>
          {text}
        </div>
      ))}
    </div>
  );
}
