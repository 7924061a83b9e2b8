/**
 * One websocket for the page: watches executions, notices dead links, comes back by itself. It
 * carries no truth of its own; after every reconnection watchers say where they are.
 */

import type { HistoryEvent } from '@/history/event';
import type { ExecutionStatus } from '@/history/model';

export type ConnectionStatus = 'connecting' | 'live' | 'reconnecting';

export type StreamMessage =
  | {
      type: 'events';
      execution: string;
      events: HistoryEvent[];
      lastEventId: number;
      status: ExecutionStatus;
      stopDate: string | null;
    }
  | { type: 'debugger'; execution: string; recordId: number }
  | { type: 'error'; execution: string | null; code: string; message: string }
  | { type: 'idle' };

export interface Watcher {
  execution: string;
  /** Asked at every (re)connection: the id after which to continue. */
  after: () => number;
  receive: (message: Exclude<StreamMessage, { type: 'idle' }>) => void;
}

/** The server speaks at least every 15 s; silence for longer means the link is dead. */
const SILENCE_MS = 40_000;
const FIRST_DELAY_MS = 400;
const MOST_DELAY_MS = 15_000;

/** Doubles from 0.4 s to 15 s; jitter keeps a restarted server from being stormed. */
export function reconnectDelay(attempt: number, random: number): number {
  return Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt) * (0.5 + random / 2);
}

class Stream {
  private socket: WebSocket | null = null;
  private status: ConnectionStatus = 'connecting';
  private failures = 0;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly watchers = new Set<Watcher>();
  private readonly listeners = new Set<() => void>();

  /** Watches an execution until the returned function is called. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    if (this.socket?.readyState === WebSocket.OPEN) this.ask(watcher);
    else this.open();
    return () => {
      this.watchers.delete(watcher);
      this.send({ type: 'unwatch', execution: watcher.execution });
      if (this.watchers.size === 0) this.close();
    };
  }

  /** Asks again for what follows the watcher's last event. */
  ask(watcher: Watcher) {
    this.send({ type: 'watch', execution: watcher.execution, after: watcher.after() });
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly connectionStatus = () => this.status;

  private send(message: object) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private become(status: ConnectionStatus) {
    if (this.status === status) return;
    this.status = status;
    for (const listener of this.listeners) listener();
  }

  private open() {
    if (this.socket || this.watchers.size === 0) return;
    clearTimeout(this.retry);
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${window.location.host}/stream/`);
    this.socket = socket;
    this.listen(socket);
    socket.onopen = () => {
      this.failures = 0;
      this.become('live');
      for (const watcher of this.watchers) this.ask(watcher);
    };
    socket.onmessage = ({ data }) => {
      this.listen(socket);
      this.deliver(JSON.parse(String(data)) as StreamMessage);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  private deliver(message: StreamMessage) {
    if (message.type === 'idle') return;
    for (const watcher of this.watchers) {
      if (message.execution === null || message.execution === watcher.execution) {
        watcher.receive(message);
      }
    }
  }

  /** Any word from the server starts the clock anew. */
  private listen(socket: WebSocket) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      socket.close();
      if (this.socket === socket) this.lost();
    }, SILENCE_MS);
  }

  private lost() {
    this.socket = null;
    clearTimeout(this.silence);
    if (this.watchers.size === 0) return;
    this.become('reconnecting');
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), reconnectDelay(this.failures++, Math.random()));
  }

  private close() {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    const socket = this.socket;
    this.socket = null;
    this.failures = 0;
    socket?.close();
    this.become('connecting');
  }

  /** The network is back: do not wait out a long delay. */
  readonly hurry = () => {
    if (!this.socket) this.open();
  };
}

export const stream = new Stream();
window.addEventListener('online', stream.hurry);
