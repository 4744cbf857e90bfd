{{/* Everything of a component. A chart calls this once, and the tests and notes apart. */}}
{{- define "quotebridge-lib.all" -}}
{{- if ne (toString .Values.enabled) "false" -}}
{{- include "quotebridge-lib.context" . -}}
{{- $parts := list "service-account" "service" "deployment" "disruption-budget" "autoscaler" "network-policy" "service-monitor" "alerts" "oda-component" -}}
{{- range $parts }}
{{- with include (printf "quotebridge-lib.%s" .) $.qb | trim }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
