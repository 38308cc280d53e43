// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A helios of the test's own: on a free port, with a data directory that goes away with it.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_MS = 120_000;
const STOP_MS = 40_000;

export class Server {
  /** Starts `binary` and waits until it listens. `settings` are HELIOS_… variables of its own. */
  static async start(binary, settings = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'helios-contract-'));
    // Started as root, helios drops to a user who must be able to reach its data directory.
    chmodSync(folder, 0o755);
    const server = new Server(binary, folder, settings);
    try {
      server.listening = await server.#listening();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  constructor(binary, folder, settings) {
    this.binary = binary;
    this.settings = settings;
    this.folder = folder;
    this.log = [];
    this.#spawn('127.0.0.1:0');
  }

  #spawn(listen) {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HELIOS_')));
    this.child = spawn(this.binary, ['serve', '--data-dir', join(this.folder, 'data'), '--listen', listen], {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...environment, ...this.settings },
    });
    this.exited = new Promise((done) => {
      this.child.once('error', (error) => done(error.message));
      this.child.once('exit', (code, signal) => done(signal ?? code));
    });
    this.killAtExit = () => this.child.kill('SIGKILL');
    process.once('exit', this.killAtExit);
  }

  #listening() {
    return new Promise((listens, fails) => {
      const timer = setTimeout(() => fails(this.#failure(`did not listen within ${START_MS / 1000} s`)), START_MS);
      const finish = (settle, value) => {
        clearTimeout(timer);
        settle(value);
      };
      this.exited.then((outcome) => finish(fails, this.#failure(`ended with ${outcome}`)));
      createInterface({ input: this.child.stderr }).on('line', (line) => {
        this.log.push(line);
        if (!line.includes('"serve.listening"')) return;
        finish(listens, JSON.parse(line));
      });
    });
  }

  #failure(what) {
    return new Error(`helios ${what}; its last lines:\n${this.tail()}`);
  }

  tail(lines = 30) {
    return this.log.slice(-lines).join('\n');
  }

  /** Ends it, waits for `meanwhile()`, and starts it again on the same port and data. */
  async restart(meanwhile = async () => {}) {
    await this.#end();
    await meanwhile();
    this.#spawn(`${this.listening.address}:${this.listening.port}`);
    this.listening = await this.#listening();
  }

  /** Ends it as an operator would. Gives its exit code, or the signal that it took. */
  async stop() {
    const outcome = await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
    return outcome;
  }

  async #end() {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const outcome = await this.exited;
    clearTimeout(timer);
    process.removeListener('exit', this.killAtExit);
    return outcome;
  }
}
