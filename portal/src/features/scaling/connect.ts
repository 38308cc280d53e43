// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What is copied so that advice is acted upon. `endpoint` has no slash at its end.
import { kedaTrigger } from "@/lib/autoscalers";
import type { Target } from "./targets";

export type Connection = { id: string; title: string; explanation: string; blocks: { what: string; text: string }[]; note: string };

type Named = Pick<Target, "id" | "name" | "metric" | "labels" | "min_replicas" | "max_replicas" | "advice">;

export function connectionsOf(endpoint: string, target: Named): Connection[] {
  return [
    {
      id: "keda",
      title: "KEDA",
      explanation: "Of a ScaledObject. An unknown load is an error, on which KEDA leaves the replicas as they are.",
      blocks: [{ what: "KEDA's trigger", text: kedaTrigger(endpoint, target.id) }],
      note: "The secret that helios-api-key refers to holds an API key with the scope read.",
    },
    {
      id: "kubernetes",
      title: "Kubernetes",
      explanation: "Helios answers as the external metrics API does. The APIService external.metrics.k8s.io of your cluster has to lead here through a proxy that adds the key.",
      blocks: [{ what: "the autoscaler's metric", text: externalMetric(target) }, { what: "a command that shows the answer", text: `curl -H "X-API-Key: $HELIOS_API_KEY" '${endpoint}/apis/external.metrics.k8s.io/v1beta1/namespaces/default/helios-recommended-replicas?labelSelector=target_id%3D${target.id}'` }],
      note: "The key needs the scope read.",
    },
    {
      id: "webhook",
      title: "Webhook",
      explanation: "For everything else: a signed message whenever the number becomes another one. Make a channel, then choose it in this target.",
      blocks: [{ what: "a command that makes the channel", text: `curl -X POST ${endpoint}/api/v1/notification-channels \\\n  -H "X-API-Key: $HELIOS_API_KEY" -H "Content-Type: application/json" \\\n  -d '{"name": "Scaling", "url": "https://example.com/hooks/helios"}'` }, { what: "the message", text: message(target) }],
      note: "Signed as Standard Webhooks 1.0.0 wants, with the secret that the first command shows once. Nothing is sent in shadow mode.",
    },
  ];
}

function externalMetric({ id, min_replicas, max_replicas }: Named): string {
  // Kubernetes refuses an autoscaler that may have no replicas, unless a gate of its own is open.
  return `spec:\n  minReplicas: ${Math.max(min_replicas ?? 1, 1)}\n  maxReplicas: ${max_replicas}\n  metrics:\n    - type: External\n      external:\n        metric:\n          name: helios-recommended-replicas\n          selector:\n            matchLabels:\n              target_id: ${id}\n        target:\n          type: AverageValue\n          averageValue: "1"`;
}

function message({ id, name, metric, labels, min_replicas, max_replicas, advice }: Named): string {
  const { time, replicas, needed_replicas, load } = advice ?? { time: "2026-01-03T12:00:00Z", replicas: 6, needed_replicas: 5, load: 210 };
  return JSON.stringify({
    type: "scaling.advice_changed", timestamp: time,
    data: { scaling_target: { id, name, metric, labels, min_replicas, max_replicas }, sequence: 1, replicas, previous_replicas: null, needed_replicas, load },
  }, null, 2);
}
