{{- define "quotebridge-lib.disruption-budget" -}}
{{- $several := ternary (gt (int .v.autoscaling.minReplicas) 1) (gt (int .v.replicas) 1) .v.autoscaling.enabled -}}
{{- if and .v.podDisruptionBudget.enabled $several }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "quotebridge-lib.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ .v.podDisruptionBudget.maxUnavailable }}
  # A pod that is not ready holds up no drain.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "quotebridge-lib.selector" . | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "quotebridge-lib.autoscaler" -}}
{{- with .v.autoscaling }}
{{- if .enabled }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}
{{- fail (printf "autoscaling.minReplicas of %s is %d, over maxReplicas, which is %d." $.d.component (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{- include "quotebridge-lib.metadata" $ | nindent 2 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ $.name }} }
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  behavior:
    scaleDown: { stabilizationWindowSeconds: 300 }
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: {{ .cpuUtilization }} } }
    {{- if .consumerLag.enabled }}
    - type: External
      external:
        metric:
          name: quotebridge_consumer_lag_messages
          selector: { matchLabels: { service: {{ $.d.component }}, namespace: {{ $.root.Release.Namespace }} } }
        target: { type: AverageValue, averageValue: {{ .consumerLag.messages | quote }} }
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}
