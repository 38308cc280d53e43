// SPDX-License-Identifier: LicenseRef-Helios-Commercial

export type Source = {
  id: string;
  title: string;
  explanation: string;
  what: string;
  /** `endpoint` without a slash at its end. */
  command: (endpoint: string, key: string) => string;
};

/** The ways that samples come in by, the easiest first. */
export const SOURCES: Source[] = [
  {
    id: "agent",
    title: "Agent",
    explanation: "Reads this machine's processor, memory, disks and network, and keeps what cannot be sent.",
    what: "the command",
    command: (endpoint, key) => `HELIOS_API_KEY=${key} helios-agent --endpoint ${endpoint}`,
  },
  {
    id: "prometheus",
    title: "Prometheus",
    explanation: "Into prometheus.yml, then reload. Everything it scrapes is forecast.",
    what: "the configuration",
    command: (endpoint, key) =>
      `remote_write:\n  - url: ${endpoint}/api/v1/prometheus/write\n    authorization:\n      credentials: ${key}`,
  },
  {
    id: "api",
    title: "API",
    explanation: "Any program can send samples. Three of them make a forecast.",
    what: "the command",
    command: (endpoint, key) =>
      `for value in 41 43 42; do\n  curl -sS ${endpoint}/api/v1/ingest \\\n    -H 'X-API-Key: ${key}' -H 'Content-Type: application/json' \\\n    -d '{"metrics":[{"name":"cpu_usage","value":'$value',"labels":{"host":"web-1"}}]}'\n  sleep 5\ndone`,
  },
];
