// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Rows that no request makes yet, written past the program into its private PostgreSQL.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs SQL as the private cluster's administrator; its data directory is below `folder`. */
export function runSql(folder, sql) {
  const sockets = readFileSync(join(folder, 'data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[4];
  execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-h', sockets, '-p', '5432', '-U', 'postgres', '-d', 'helios', '-c', sql]);
}
