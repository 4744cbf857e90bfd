{{- define "quotebridge-lib.service-monitor" -}}
{{- with .v.monitoring.serviceMonitor }}
{{- if .enabled }}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "quotebridge-lib.metadata" $ | nindent 2 }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels: {{- include "quotebridge-lib.selector" $ | nindent 6 }}
  endpoints:
    # The metrics say which service they are of; Prometheus keeps that.
    - { port: http-api, path: /metrics, interval: {{ .interval }}, honorLabels: true }
{{- end }}
{{- end }}
{{- end -}}

{{/* Rules of one component; `service` is the label that all its metrics carry. */}}
{{- define "quotebridge-lib.alerts" -}}
{{- if .v.monitoring.alerts.enabled }}
{{- $of := printf "service=%q,namespace=%q" .d.component .root.Release.Namespace }}
{{- $name := .d.title }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- include "quotebridge-lib.metadata" . | nindent 2 }}
    {{- with .v.monitoring.alerts.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  groups:
    - name: {{ .name }}
      rules:
        - alert: QuoteBridgeSlow
          expr: histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{ {{- $of -}} }[5m]))) > 0.5
          for: 10m
          labels: { severity: warning, component: {{ .d.component }} }
          annotations: { summary: 'One request in twenty to {{ .d.component }} takes more than half a second' }
        - alert: QuoteBridgeErrors
          expr: |-
            sum(rate(http_server_request_duration_seconds_count{ {{- $of -}} ,error_type=~"5.."}[5m]))
              / sum(rate(http_server_request_duration_seconds_count{ {{- $of -}} }[5m])) > 0.01
          for: 5m
          labels: { severity: critical, component: {{ .d.component }} }
          annotations: { summary: 'More than one per cent of the requests to {{ .d.component }} fail' }
        - alert: QuoteBridgeEventsWait
          expr: max(quotebridge_relay_lag_seconds{ {{- $of -}} }) > 60
          for: 5m
          labels: { severity: critical, component: {{ .d.component }} }
          annotations: { summary: 'Events of {{ .d.component }} are not published: is NATS there?' }
        - alert: QuoteBridgeConsumerLate
          expr: max by (consumer) (quotebridge_consumer_lag_messages{ {{- $of -}} }) > 1000
          for: 10m
          labels: { severity: warning, component: {{ .d.component }} }
          annotations: { summary: 'A consumer of {{ .d.component }} does not keep up' }
        - alert: QuoteBridgeDeadLetters
          expr: sum by (consumer) (increase(quotebridge_dead_letters_total{ {{- $of -}} }[15m])) > 0
          labels: { severity: warning, component: {{ .d.component }} }
          annotations: { summary: '{{ .d.component }} has given up messages; list them with admin dead-letters' }
        - alert: QuoteBridgeDown
          expr: absent(process_start_time_seconds{ {{- $of -}} })
          for: 5m
          labels: { severity: critical, component: {{ .d.component }} }
          annotations: { summary: 'No replica of {{ .d.component }} is seen' }
{{- end }}
{{- end -}}
