{{/* As a part of the whole suite the operator goes by what `global` says, as the components do. */}}
{{- define "operator.prepare" -}}
{{- $global := default dict .Values.global -}}
{{- $said := pick $global "telemetry" "networkPolicy" "monitoring" "trust" -}}
{{- $connector := dict -}}
{{- with $global.image -}}{{- $_ := set $said "image" (omit . "repository") -}}{{- end -}}
{{- with $global.platformSecret -}}{{- $_ := set $connector "platformSecret" . -}}{{- end -}}
{{- with $global.imagePullSecrets -}}{{- $_ := set $said "imagePullSecrets" . -}}{{- $_ := set $connector "pullSecrets" . -}}{{- end -}}
{{- $_ := set . "Values" (mustMergeOverwrite (mustDeepCopy .Values) (mustDeepCopy (set $said "connector" $connector))) -}}
{{- end -}}

{{- define "operator.name" -}}
{{- default (ternary .Release.Name (printf "%s-operator" .Release.Name) .Chart.IsRoot) .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "operator.selector" -}}
app.kubernetes.io/name: quotebridge-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "operator.labels" -}}
{{ include "operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: quotebridge
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "operator.image" -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}

{{- define "operator.connectorImage" -}}
{{- if .Values.connector.image -}}{{ .Values.connector.image }}{{- else -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
quotebridge/connector:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* Secret with the certificate of the webhook: yours, or that of the release. */}}
{{- define "operator.admissionSecret" -}}
{{- default (printf "%s-admission" (include "operator.name" .)) .Values.admission.tls.secretName -}}
{{- end -}}

{{- define "operator.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "operator.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}
