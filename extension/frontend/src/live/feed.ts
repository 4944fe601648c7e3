/** The socket to the server extension: comes back by itself, and says when it is away. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { message } from './messages';
import { ILive, ILiveEvent } from './token';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

export class Feed implements ILive {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  get connected(): boolean {
    return this._connected;
  }

  get changed(): ISignal<ILive, void> {
    return this._changed;
  }

  get happened(): ISignal<ILive, ILiveEvent> {
    return this._happened;
  }

  watch(course: string): IDisposable {
    const before = this._watched.get(course) ?? 0;
    this._watched.set(course, before + 1);
    if (!before) {
      this._send({ watch: course });
    }
    return new DisposableDelegate(() => {
      const left = (this._watched.get(course) ?? 1) - 1;
      if (left) {
        this._watched.set(course, left);
      } else {
        this._watched.delete(course);
        this._send({ unwatch: course });
      }
    });
  }

  start(): void {
    const { wsUrl, token, appendToken, WebSocket } = this._settings;
    const query = appendToken && token ? `?token=${encodeURIComponent(token)}` : '';
    const socket = new WebSocket(URLExt.join(wsUrl, 'coursewright/live') + query);
    this._socket = socket;
    socket.onopen = () => {
      for (const course of this._watched.keys()) {
        this._send({ watch: course });
      }
    };
    socket.onmessage = event => this._hear(event.data);
    socket.onclose = () => {
      this._socket = null;
      this._set(false);
      window.setTimeout(() => this.start(), this._pause * (0.8 + 0.4 * Math.random()));
      this._pause = Math.min(2 * this._pause, LONGEST_PAUSE);
    };
  }

  private _hear(text: unknown): void {
    const said = message(text);
    switch (said?.kind) {
      case 'connected':
        this._pause = said.connected ? FIRST_PAUSE : this._pause;
        this._set(said.connected);
        break;
      case 'reset':
        this._changed.emit();
        break;
      case 'event':
        this._happened.emit(said.event);
    }
  }

  private _send(sent: { watch: string } | { unwatch: string }): void {
    // Before it is open there is nothing to say: onopen says all of it.
    if (this._socket?.readyState === 1) {
      this._socket.send(JSON.stringify(sent));
    }
  }

  private _set(connected: boolean): void {
    if (connected !== this._connected) {
      this._connected = connected;
      this._changed.emit();
    }
  }

  private _connected = false;
  private _pause = FIRST_PAUSE;
  private _socket: WebSocket | null = null;
  private readonly _watched = new Map<string, number>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _happened = new Signal<this, ILiveEvent>(this);
}
