// SPDX-License-Identifier: LicenseRef-Helios-Commercial

/** Whether the session ended under an open page. The shell listens, and asks to sign in over the page as it stands. */
class SessionExpiry {
  #expired = false;
  #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = () => this.#expired;

  expire() {
    this.#set(true);
  }
  renew() {
    this.#set(false);
  }

  #set(expired: boolean) {
    if (this.#expired === expired) return;
    this.#expired = expired;
    this.#listeners.forEach((listener) => listener());
  }
}

export const sessionExpiry = new SessionExpiry();
