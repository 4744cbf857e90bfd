{{- define "quotebridge-lib.notes" -}}
{{- include "quotebridge-lib.context" . -}}
{{- with .qb }}
{{ .d.title }} ({{ .d.id }}) is called {{ .name }}.

1. It needs the Secret {{ .v.platformSecret }} with MONGODB_URI and NATS_URL in the namespace {{ .root.Release.Namespace }}
{{- with values .d.secrets | sortAlpha }}, and has in
   the Secret {{ $.qb.v.keysSecret }} what it may need besides: {{ join ", " . }}{{ end }}.
2. It is up when both commands say so:
     kubectl --namespace {{ .root.Release.Namespace }} rollout status deployment/{{ .name }}
     helm test {{ .root.Release.Name }} --namespace {{ .root.Release.Namespace }}
3. Its APIs, each with its documents below /docs:
     kubectl --namespace {{ .root.Release.Namespace }} port-forward service/{{ .name }} 8080
     {{- range .d.exposed }}{{- range .versions }}
     http://127.0.0.1:8080{{ include "quotebridge-lib.prefix" $.qb }}{{ .path }}/docs
     {{- end }}{{- end }}
{{- if not (include "quotebridge-lib.hasCanvas" .) }}

This cluster has no ODA Canvas (or oda.component is never): no Component was made.
{{- end }}
{{- end }}
{{- end -}}
