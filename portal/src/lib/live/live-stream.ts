// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { addressOf, delayOf, eventNames, type LiveEnd, type LiveEvent, type LiveState } from "./messages";

export type StreamListener = {
  onEvent: (event: LiveEvent, id: string) => void;
  onState: (state: LiveState) => void;
  /** The server ended the stream, or did not open it: whether the session is over is to be asked. */
  onRefused: () => Promise<boolean>;
};

/** A change of what is wanted is acted on this much later, for changes come in bursts. */
const SETTLE_MS = 200;

/** The one connection. Connects anew by itself, from where it was, until it is closed. */
export class LiveStream {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #wants: readonly (readonly string[])[] = [];
  #open = "";
  #closed = false;

  constructor(private readonly listener: StreamListener, private lastEventId: string) {}

  /** What to ask for from now on: a list for each tab. */
  want(wants: readonly (readonly string[])[]) {
    this.#wants = wants;
    if (addressOf(wants) === this.#open) return;
    this.#connectIn(SETTLE_MS);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #connectIn(ms: number) {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#connect(), ms);
  }

  #connect() {
    const wanted = addressOf(this.#wants);
    if (wanted === this.#open && this.#source) return;
    this.#source?.close();
    this.#source = null;
    this.#open = wanted;
    if (wanted === "") return this.listener.onState("off");
    this.listener.onState(this.#failures > 0 ? "reconnecting" : "connecting");
    const source = new EventSource(addressOf(this.#wants, this.lastEventId));
    this.#source = source;
    for (const name of eventNames) {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        if (message.lastEventId) this.lastEventId = message.lastEventId;
        if (name === "ready") {
          this.#failures = 0;
          this.listener.onState("live");
        }
        this.listener.onEvent({ name, data: JSON.parse(message.data) } as LiveEvent, this.lastEventId);
      });
    }
    source.addEventListener("end", (message: MessageEvent<string>) => {
      const { reason } = JSON.parse(message.data) as LiveEnd;
      void this.#lost(source, reason !== "live.stopping");
    });
    // Also where the browser would try again by itself: how long it waits is better said in one place.
    source.addEventListener("error", () => void this.#lost(source, true));
  }

  async #lost(source: EventSource, ask: boolean) {
    if (source !== this.#source) return;
    source.close();
    this.#source = null;
    this.#open = "";
    this.#failures += 1;
    this.listener.onState("reconnecting");
    if (ask && (await this.listener.onRefused())) return; // again once somebody signed in: restart()
    this.#connectIn(delayOf(this.#failures - 1, Math.random()));
  }

  /** Connects now, where it is not connected. */
  restart() {
    if (!this.#source) this.#connectIn(0);
  }
}
