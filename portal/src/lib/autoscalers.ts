// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What autoscalers are told so that they ask for a scaling target's replicas. `endpoint` has no slash at its end.

/** KEDA's trigger of a ScaledObject. */
export function kedaTrigger(endpoint: string, targetId: string): string {
  return `triggers:\n  - type: metrics-api\n    metricType: AverageValue\n    metadata:\n      url: ${endpoint}/api/v1/scaling-targets/${targetId}/keda\n      valueLocation: replicas\n      targetValue: "1"\n      authMode: apiKey\n      method: header\n      keyParamName: X-API-Key\n    authenticationRef:\n      name: helios-api-key`;
}
