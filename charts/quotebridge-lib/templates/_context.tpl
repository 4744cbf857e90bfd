{{/* The name of a component of a release, and of all that is its own. */}}
{{- define "quotebridge-lib.nameOf" -}}
{{- printf "%s-%s" .release .component | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{/*
What the templates work with: `v` the values with those of `global` in place, `d` what the component declares of
itself, `root` the context of Helm, `name` the name of everything, `port` where the component listens.
*/}}
{{- define "quotebridge-lib.context" -}}
{{- $declared := .Files.Get "generated/component.json" | fromJson -}}
{{- $values := mustDeepCopy (omit .Values "global") -}}
{{- $shared := pick (default dict .Values.global) "image" "imagePullSecrets" "platformSecret" "keysSecret" "publicUrl" "telemetry" "networkPolicy" "monitoring" "oda" "trust" -}}
{{- if $shared.image -}}{{- $_ := set $shared "image" (omit $shared.image "repository") -}}{{- end -}}
{{- /* What is said of nothing in particular must not take away what is said of one. */ -}}
{{- range $key, $value := $shared -}}
{{- if $value -}}{{- $values = mustMergeOverwrite $values (dict $key (mustDeepCopy $value)) -}}{{- end -}}
{{- end -}}
{{- $name := include "quotebridge-lib.nameOf" (dict "release" .Release.Name "component" $declared.component) -}}
{{- $_ := set . "qb" (dict "root" . "v" $values "d" $declared "port" 8080 "name" $name) -}}
{{- end -}}

{{- define "quotebridge-lib.prefix" -}}/{{ .name }}{{- end -}}

{{- define "quotebridge-lib.selector" -}}
app.kubernetes.io/name: quotebridge-{{ .d.component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{/* On everything: a Canvas finds what belongs to a component by the first of these. */}}
{{- define "quotebridge-lib.labels" -}}
oda.tmforum.org/componentName: {{ .name }}
{{ include "quotebridge-lib.selector" . }}
app.kubernetes.io/component: {{ .d.component }}
app.kubernetes.io/part-of: quotebridge
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "quotebridge-lib.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels: {{- include "quotebridge-lib.labels" . | nindent 2 }}
{{- end -}}

{{- define "quotebridge-lib.image" -}}
{{- with .v.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .v.image.repository }}:{{ default .root.Chart.AppVersion .v.image.tag }}
{{- end -}}

{{- define "quotebridge-lib.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "quotebridge-lib.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* A value as the text of an environment variable; numbers without an exponent, lists with commas. */}}
{{- define "quotebridge-lib.text" -}}
{{- if kindIs "slice" . -}}{{ join "," . }}{{- else if kindIs "string" . -}}{{ . }}{{- else -}}{{ . | toJson }}{{- end -}}
{{- end -}}

{{/* Whether a kind of the Canvas is wanted: `auto` means where the cluster has it. */}}
{{- define "quotebridge-lib.hasCanvas" -}}
{{- $wanted := .v.oda.component -}}
{{- if or (eq $wanted "always") (and (eq $wanted "auto") (.root.Capabilities.APIVersions.Has "oda.tmforum.org/v1/Component")) -}}yes{{- end -}}
{{- end -}}

{{/* Certificates to trust besides those that Node.js has, for a container that mounts them at /etc/quotebridge/trust. */}}
{{- define "quotebridge-lib.trustVolume" -}}
- name: trust
  configMap: { name: {{ .configMap }}, items: [{ key: {{ default "ca.crt" .key }}, path: ca.crt }] }
{{- end -}}
{{- define "quotebridge-lib.trustEnv" -}}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/quotebridge/trust/ca.crt }
{{- end -}}
{{- define "quotebridge-lib.trustMount" -}}
- { name: trust, mountPath: /etc/quotebridge/trust, readOnly: true }
{{- end -}}

{{- define "quotebridge-lib.otlpPort" -}}
{{- regexFind ":[0-9]+$" (urlParse .).host | trimPrefix ":" | default (ternary "443" "80" (hasPrefix "https" .)) -}}
{{- end -}}
