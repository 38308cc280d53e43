// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { LiveStream } from "./live-stream";
import type { LiveEvent, LiveState, TabMessage } from "./messages";

const NAME = "helios-live";

/**
 * One stream for all tabs of a browser. A tab that is seen and wants something queues for a lock; whoever has it holds
 * the stream, for all that are seen, and tells them what comes. A tab that is hidden gives the lock away: where no tab is
 * seen, there is no stream.
 */
export class SharedLive {
  readonly #tab = Math.random().toString(36).slice(2);
  readonly #channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);
  readonly #subscribers = new Map<symbol, { matches: readonly string[]; onEvent: (event: LiveEvent) => void }>();
  readonly #stateListeners = new Set<() => void>();
  readonly #others = new Map<string, string[]>();
  #state: LiveState = "off";
  #stream: LiveStream | null = null;
  #lastEventId = "";
  #leave: AbortController | null = null;
  #release: (() => void) | null = null;

  /** `sessionIsOver` asks the server, and shows the dialog where it is. */
  constructor(private readonly sessionIsOver: () => Promise<boolean>) {
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => this.#hear(data));
    document.addEventListener("visibilitychange", () => this.#seenOrHidden());
    addEventListener("pagehide", () => this.#withdraw());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#settle());
  }

  readonly subscribeState = (listener: () => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };
  readonly state = () => this.#state;

  /** Events for as long as somebody wants them: of series by `matches`, and of everything else. Gives what ends it. */
  subscribe(matches: readonly string[], onEvent: (event: LiveEvent) => void): () => void {
    const key = Symbol();
    this.#subscribers.set(key, { matches, onEvent });
    this.#settle();
    return () => {
      this.#subscribers.delete(key);
      // What comes in the place of it may want the same: a page that changes, say.
      setTimeout(() => this.#settle(), 0);
    };
  }

  /** The session is there again: whoever holds the stream connects, also where somebody signed in in another tab. */
  restart() {
    if (this.#stream) this.#stream.restart();
    else this.#settle();
  }

  #seenOrHidden() {
    this.#settle();
    // What came while nobody looked is read anew.
    if (!document.hidden && this.#subscribers.size > 0) this.#tell({ name: "ready", data: { resumed: false, truncated: false, series: [] } });
  }

  #settle() {
    if (document.hidden || this.#subscribers.size === 0) return this.#withdraw();
    this.#say({ kind: "want", tab: this.#tab, matches: this.#matches() });
    if (this.#stream) this.#stream.want(this.#wants());
    else if (!this.#leave) void this.#queue();
  }

  #matches(): string[] {
    return [...this.#subscribers.values()].flatMap(({ matches }) => matches);
  }
  #wants(): string[][] {
    return [this.#matches(), ...this.#others.values()];
  }

  async #queue() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    if (!navigator.locks) return this.#lead();
    await navigator.locks
      .request(NAME, { signal }, () => new Promise<void>((release) => {
        if (signal.aborted) return release();
        this.#release = release;
        this.#lead();
      }))
      .catch(() => undefined); // withdrawn while it waited
  }

  #lead() {
    this.#others.clear();
    this.#stream = new LiveStream({
      onEvent: (event, id) => {
        this.#lastEventId = id;
        this.#say({ kind: "event", event, id });
        this.#tell(event);
      },
      onState: (state) => {
        this.#say({ kind: "state", state });
        this.#setState(state);
      },
      onRefused: this.sessionIsOver,
    }, this.#lastEventId);
    this.#say({ kind: "ask" });
    this.#stream.want(this.#wants());
  }

  /** This tab wants nothing more, and holds nothing. */
  #withdraw() {
    if (!this.#leave) return;
    this.#leave.abort();
    this.#leave = null;
    this.#stream?.close();
    this.#stream = null;
    this.#release?.();
    this.#release = null;
    this.#say({ kind: "want", tab: this.#tab, matches: null });
    this.#setState("off");
  }

  #hear(message: TabMessage) {
    if (message.kind === "want") {
      if (message.matches) this.#others.set(message.tab, message.matches);
      else this.#others.delete(message.tab);
      this.#stream?.want(this.#wants());
      if (this.#stream && message.matches) this.#say({ kind: "state", state: this.#state });
    } else if (!this.#leave) {
      return; // hidden, or wants nothing
    } else if (message.kind === "ask") {
      this.#say({ kind: "want", tab: this.#tab, matches: this.#matches() });
    } else if (message.kind === "state") {
      this.#setState(message.state);
    } else {
      this.#lastEventId = message.id;
      this.#tell(message.event);
    }
  }

  #say(message: TabMessage) {
    this.#channel?.postMessage(message);
  }
  #tell(event: LiveEvent) {
    for (const { onEvent } of this.#subscribers.values()) onEvent(event);
  }
  #setState(state: LiveState) {
    if (this.#state === state) return;
    this.#state = state;
    this.#stateListeners.forEach((listener) => listener());
  }
}
