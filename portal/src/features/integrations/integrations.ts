// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { kedaTrigger } from "@/lib/autoscalers";

export type Integration = {
  id: string;
  title: string;
  explanation: string;
  /** What is copied, for the button: "the command". */
  what: string;
  /** `endpoint` without a slash at its end; `target` is the id of a scaling target. */
  text: (endpoint: string, target: string) => string;
};

export const NO_KEY = "hlx_YOUR_KEY";

/** What sends samples, and what asks for advice. */
export const INTEGRATIONS: Integration[] = [
  {
    id: "agent",
    title: "Agent",
    explanation: "Reads a machine's processor, memory, disks and network, and keeps what cannot be sent until it can.",
    what: "the agent's command",
    text: (endpoint) => `HELIOS_API_KEY=${NO_KEY} helios-agent --endpoint ${endpoint}`,
  },
  {
    id: "prometheus",
    title: "Prometheus",
    explanation: "Into prometheus.yml, then reload. Everything it scrapes is forecast.",
    what: "Prometheus' configuration",
    text: (endpoint) => `remote_write:\n  - url: ${endpoint}/api/v1/prometheus/write\n    authorization:\n      credentials: ${NO_KEY}`,
  },
  {
    id: "otlp",
    title: "OpenTelemetry",
    explanation: "An exporter of the Collector. SDKs take the same address and header by themselves.",
    what: "the Collector's configuration",
    text: (endpoint) =>
      `exporters:\n  otlphttp/helios:\n    metrics_endpoint: ${endpoint}/v1/metrics\n    headers:\n      X-API-Key: ${NO_KEY}\n\nservice:\n  pipelines:\n    metrics:\n      exporters: [otlphttp/helios]`,
  },
  {
    id: "influx",
    title: "Telegraf",
    explanation: "Or whatever writes InfluxDB's line protocol, in version 1 or 2.",
    what: "Telegraf's configuration",
    text: (endpoint) => `[[outputs.influxdb_v2]]\n  urls = ["${endpoint}"]\n  token = "${NO_KEY}"\n  organization = "helios"\n  bucket = "helios"`,
  },
  {
    id: "keda",
    title: "KEDA",
    explanation: "Scales a workload by the advice of a scaling target. The key needs the scope read.",
    what: "KEDA's trigger",
    text: kedaTrigger,
  },
];
