{{- define "quotebridge-lib.service-account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "quotebridge-lib.metadata" . | nindent 2 }}
  {{- with .v.serviceAccount.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}

{{/* The label `name` is what a Canvas with ServiceMonitors selects by. */}}
{{- define "quotebridge-lib.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "quotebridge-lib.metadata" . | nindent 2 }}
    name: {{ .name }}
spec:
  type: ClusterIP
  selector: {{- include "quotebridge-lib.selector" . | nindent 4 }}
  ports:
    - { name: http-api, port: {{ .port }}, targetPort: http, protocol: TCP }
{{- end -}}
